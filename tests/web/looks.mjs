// looks.mjs - every page, narrow, middling and wide, in both languages, light
// and dark: nothing on the console, nothing the policy forbids, charts with
// the system's Chart.js, readable by everybody, and no page wider than a phone.
import path from 'node:path';

import { pages } from './routes.mjs';
import { assert, at, axe, hall, none, shots, test, visitor, watched }
    from './suite.mjs';

const list = await pages(hall.then);
const WIDTHS = [360, 768, 1440];
const TALL = { 360: 800, 768: 1024, 1440: 900 };
const RULES = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',
    'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
// Words are not what colours and places depend on: once in each light.
const AXE = { vi: { light: [360, 1440], dark: [360, 1440] },
    en: { light: [360], dark: [1440] } };
const SHOTS = { light: WIDTHS, dark: [360, 1440] };
const GRAVE = ['serious', 'critical'];
// The rows of a long table are alike: the first of them tell.
const PARTS = { include: [['html']], exclude: [['tbody tr:nth-child(n+7)']] };

// A running fair of few booths for the rules, a large one for pictures.
const SMALL = { fair: 'NAY2021', with: 'TRUOC2020', day: '2021-11-02' };
const LARGE = { fair: 'HE2020', with: 'XUAN2020', day: '2020-07-25' };

const PRESS_KEY = new URL(hall.then.logins.press).searchParams.get('key');

/** What a page knows of a question. */
function query(page, question, lang) {
    const all = { ...question, lang, key: PRESS_KEY };
    const known = ['lang', ...page.params];
    return Object.fromEntries(Object.entries(all)
        .filter(([key]) => known.includes(key)));
}

// ---- what is looked at ------------------------------------------------------

/** How many canvases show anything; runs in the page. */
function countDrawn() {
    return [...document.querySelectorAll('canvas')].filter((c) => {
        if (c.width === 0 || c.height === 0)
            return false;
        const copy = Object.assign(document.createElement('canvas'),
            { width: c.width, height: c.height })
            .getContext('2d', { willReadFrequently: true });
        copy.drawImage(c, 0, 0);
        return copy.getImageData(0, 0, c.width, c.height).data
            .some((b, i) => i % 4 === 3 && b !== 0);
    }).length;
}

/** Every chart's table (paper has none), and whether something is drawn beside
 * it, which may take until the library is here. */
async function charts(page) {
    const wanted = await page.locator('table[data-chart]').evaluateAll((all) =>
        all.filter((table) => !table.closest('.plain')).length);
    let drawn = 0;
    for (let i = 0; i < 100 && drawn < wanted; i++) {
        drawn = await page.evaluate(countDrawn);
        await page.waitForTimeout(drawn < wanted ? 100 : 0);
    }
    return { wanted, drawn };
}

async function accessible(page, where, faults) {
    const found = await page.evaluate(([parts, rules]) =>
        window.axe.run(parts, rules), [PARTS, RULES]);
    for (const v of found.violations.filter((x) => GRAVE.includes(x.impact))) {
        faults.push(`${where}: ${v.id} (${v.impact}) ${v.nodes.length}x ` +
            `${v.nodes[0].html.slice(0, 160)} ` +
            (v.nodes[0].any[0]?.message ?? v.help).slice(0, 200));
    }
}

/** No wider than its window, once charts have followed. */
async function width(page, px, where, faults) {
    await page.waitForFunction((wanted) => window.innerWidth === wanted &&
        document.documentElement.scrollWidth <= wanted, px, { timeout: 3000 })
        .catch(async () => faults.push(`${where}: ` + await page.evaluate(() =>
            document.documentElement.scrollWidth) + ' px wide'));
}

function shotName(one, ...rest) {
    const name = one.path === '/' ? 'overview' : one.path.slice(1);
    return path.join(shots, [name.replaceAll('/', '-'), ...rest].join('.') +
        '.png');
}

/** One page in both lights, at every width; `check` says more at some. */
async function look(page, one, lang, check) {
    const faults = page.found;
    for (const theme of ['light', 'dark']) {
        const where = `${one.path} ${lang} ${theme}`;
        await page.emulateMedia({ colorScheme: theme });
        const found = await charts(page);
        if (found.drawn < found.wanted)
            faults.push(`${where}: ${found.drawn} of ${found.wanted} charts`);
        page.drawn += found.drawn;
        for (const px of WIDTHS) {
            await page.setViewportSize({ width: px, height: TALL[px] });
            await width(page, px, `${where} ${px}`, faults);
            await check(page, one, theme, px, `${where} ${px}`);
        }
    }
    faults.push(...page.faults.splice(0).map((f) => `${one.path} ${lang}: ${f}`));
}

async function lookAtAll(question, lang, check) {
    const context = await visitor(hall.then, 'admin');
    await context.addInitScript({ content: axe });
    const page = await watched(context);
    Object.assign(page, { drawn: 0, found: [] });
    for (const one of list) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(at(hall.then, one.path, query(one, question, lang)));
        assert.equal(await page.getAttribute('html', 'lang'), lang, one.path);
        await look(page, one, lang, check);
    }
    await context.close();
    none(page.found);
    assert.ok(page.drawn > 0, 'no page has a chart');
}

for (const lang of ['vi', 'en']) {
    test(`every page is fit for everybody, ${lang}`, () =>
        lookAtAll(SMALL, lang, async (page, one, theme, px, where) => {
            if (AXE[lang][theme].includes(px))
                await accessible(page, where, page.found);
        }));
}

test('every page of a large fair fits, and has its picture taken', () =>
    lookAtAll(LARGE, 'vi', async (page, one, theme, px) => {
        if (SHOTS[theme].includes(px))
            await page.screenshot({ path: shotName(one, theme, px) });
    }));

test('the description of the server names the pages of the plan', async () => {
    const found = list.map((p) => p.path);
    for (const wanted of ['/', '/days', '/hours', '/booths', '/products',
        '/league', '/visitors', '/compare', '/supervision', '/devices',
        '/explain', '/bulletin', '/daily', '/final', '/definitions', '/press',
        '/sign-in', '/password', '/share', '/accounts'])
        assert.ok(found.includes(wanted), wanted);
});

test('every page the navigation leads to is described', async () => {
    const context = await visitor(hall.then, 'admin');
    const page = await context.newPage();
    const known = new Set(list.map((p) => p.path));
    await page.goto(at(hall.then, '/'));
    const links = await page.locator('nav a, header a').evaluateAll((all) =>
        all.map((a) => new URL(a.href).pathname));
    none(links.filter((l) => !known.has(l)), 'unknown pages');
    assert.ok(links.length >= 15);
    await context.close();
});
