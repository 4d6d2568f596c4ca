// looks.mjs - every page, narrow, middling and wide, in both languages, light
// and dark: nothing on the console, nothing the policy forbids, charts with
// the system's Chart.js, readable by everybody, and no page wider than a phone.
import path from 'node:path';

import { pages } from './routes.mjs';
import { assert, at, axe, hall, none, shots, test, visitor, watched }
    from './suite.mjs';

const WIDTHS = [360, 768, 1440];
const TALL = { 360: 800, 768: 1024, 1440: 900 };
const RULES = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',
    'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const GRAVE = ['serious', 'critical'];
// The rows of a long table are alike: the first of them tell.
const PARTS = { include: [['html']], exclude: [['tbody tr:nth-child(n+7)']] };

/** How every page is asked: a whole fair against another. */
function query(page, lang) {
    const all = { fair: 'HE2020', with: 'XUAN2020', day: '2020-07-25', lang };
    const known = ['lang', ...page.params];
    return Object.fromEntries(Object.entries(all)
        .filter(([key]) => known.includes(key)));
}

// ---- what is looked at ------------------------------------------------------

/** Every chart's table (paper has none), and whether something is drawn beside
 * it. */
async function charts(page) {
    const wanted = await page.locator('table[data-chart]').evaluateAll((all) =>
        all.filter((table) => !table.closest('.plain')).length);
    if (wanted === 0)
        return { wanted, drawn: 0 };
    await page.waitForFunction((n) =>
        document.querySelectorAll('canvas').length >= n, wanted,
    { timeout: 5000 }).catch(() => {});
    const drawn = await page.locator('canvas').evaluateAll((all) =>
        all.filter((c) => {
            if (c.width === 0 || c.height === 0)
                return false;
            const bytes = c.getContext('2d')
                .getImageData(0, 0, c.width, c.height).data;
            return bytes.some((b, i) => i % 4 === 3 && b !== 0);
        }).length);
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

/** One page in one language and one light, at every width. */
async function look(page, one, lang, theme, faults) {
    const where = `${one.path} ${lang} ${theme}`;
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(at(hall.then, one.path, query(one, lang)));
    const found = await charts(page);
    if (found.drawn < found.wanted)
        faults.push(`${where}: ${found.drawn} of ${found.wanted} charts drawn`);
    assert.equal(await page.getAttribute('html', 'lang'), lang);
    for (const px of WIDTHS) {
        await page.setViewportSize({ width: px, height: TALL[px] });
        await width(page, px, `${where} ${px}`, faults);
        if (px !== 768)
            await accessible(page, `${where} ${px}`, faults);
        if (lang === 'vi' && (theme === 'light' || px !== 768))
            await page.screenshot({ path: shotName(one, theme, px) });
    }
    faults.push(...page.faults.splice(0).map((f) => `${where}: ${f}`));
    return found.drawn;
}

async function lookAt(list, lang, theme) {
    const faults = [];
    let drawn = 0;
    const context = await visitor(hall.then, 'admin');
    await context.addInitScript({ content: axe });
    const page = await watched(context);
    for (const one of list)
        drawn += await look(page, one, lang, theme, faults);
    await context.close();
    none(faults);
    assert.ok(drawn > 0, 'no page has a chart');
}

const list = (await pages(hall.then)).filter((p) => p.path !== '/press');

for (const lang of ['vi', 'en']) {
    for (const theme of ['light', 'dark']) {
        test(`every page looks right, ${lang}, ${theme}`,
            () => lookAt(list, lang, theme));
    }
}

test('the description of the server names the pages of the plan', async () => {
    const found = list.map((p) => p.path);
    for (const wanted of ['/', '/days', '/hours', '/booths', '/products',
        '/league', '/visitors', '/compare', '/supervision', '/devices',
        '/explain', '/bulletin', '/daily', '/final', '/definitions',
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
