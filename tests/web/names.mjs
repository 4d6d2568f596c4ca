// names.mjs - what hostile people call themselves and their goods is text: on
// pages, in CSV and in workbooks.
import { csv, workbook } from './files.mjs';
import { pages } from './routes.mjs';
import { ask, assert, at, hall, none, test, visitor, watched }
    from './suite.mjs';

const list = (await pages(hall.then)).filter((p) => p.path !== '/press');
const products = hall.hostile.map(([, name]) => name);
const booths = hall.hostile.map(([, , name]) => name);
const FAIR = 'HIEM2020';

test('no hostile name becomes markup or script on any page', async () => {
    const context = await visitor(hall.then, 'admin');
    const page = await watched(context);
    const faults = [];
    for (const one of list) {
        await page.goto(at(hall.then, one.path,
            one.params.includes('fair') ? { fair: FAIR } : {}));
        const odd = await page.evaluate(() => [
            ...document.querySelectorAll('script:not([src]), img[onerror],' +
                ' [onload], main b, iframe, object')].map((e) => e.outerHTML));
        faults.push(...odd.map((html) => `${one.path}: ${html}`),
            ...page.faults.splice(0).map((f) => `${one.path}: ${f}`));
        if ((await page.title()).includes('owned'))
            faults.push(`${one.path}: a name ran`);
    }
    await context.close();
    none(faults);
});

test('hostile names are seen as they are written', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    for (const [path, names] of [['/booths', booths],
        ['/products', products]]) {
        await page.goto(at(hall.then, path, { fair: FAIR }));
        const seen = await page.locator('main bdi').allTextContents();
        none(names.filter((name) => !seen.some((s) => s === name ||
            (s.endsWith('…') && name.startsWith(s.slice(0, -1))))), path);
    }
    await context.close();
});

// ---- what a forged till sends ------------------------------------------------

const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

// What a spreadsheet would compute; a negative number is one.
const FORMULA = /^(?!-?\d+(\.\d+)?$)[=+\-@\t\r]/;

test('bidi controls in events turn no page round', async () => {
    const context = await visitor(hall.now, 'admin');
    const page = await watched(context);
    const faults = [];
    let seen = 0;
    for (const one of list) {
        const query = one.params.includes('fair')
            ? { fair: hall.now.fair } : {};
        const reply = await ask(context, hall.now, one.path, query);
        const html = await reply.text();
        seen += hall.now.forged.some((f) => html.includes(f.sku));
        for (const [what, rule] of [['bidi', BIDI], ['control', CONTROL]]) {
            const at = html.search(rule);
            if (at >= 0)
                faults.push(`${one.path}: ${what} control in ` +
                    JSON.stringify(html.slice(at - 40, at + 40)));
        }
        await page.goto(reply.url());
        if ((await page.title()).includes('owned'))
            faults.push(`${one.path}: a name ran`);
    }
    faults.push(...page.faults);
    await context.close();
    none(faults);
    assert.ok(seen >= 2, 'no page names what was forged');
});

test('what a forger calls goods is text in files', async () => {
    const context = await visitor(hall.now, 'admin');
    for (const kind of ['products', 'supervision', 'latest']) {
        const get = async (format) => (await ask(context, hall.now, '/report',
            { kind, fair: hall.now.fair, format })).body();
        const fields = csv(await get('csv')).flat();
        none(fields.filter((f) => CONTROL.test(f) || FORMULA.test(f)), kind);
        const book = workbook(await get('xlsx'));
        const cells = book.rows.flat().filter((c) => typeof c === 'string');
        assert.equal(book.formulas, 0);
        none(cells.filter((c) => CONTROL.test(c) || BIDI.test(c)), kind);
    }
    await context.close();
});

// ---- files ------------------------------------------------------------------

async function file(context, kind, format) {
    const reply = await ask(context, hall.then, '/report',
        { kind, fair: FAIR, format });
    assert.equal(reply.status(), 200);
    return reply.body();
}

test('no hostile name is a formula in CSV', async () => {
    const context = await visitor(hall.then, 'organiser');
    for (const [kind, names] of [['booths', booths], ['products', products]]) {
        const fields = csv(await file(context, kind, 'csv')).flat();
        none(fields.filter((f) => FORMULA.test(f)), 'formulas');
        const plain = fields.map((f) => f.replace(/^'/, ''));
        none(names.filter((name) => !plain.includes(name)), `lost in ${kind}`);
    }
    await context.close();
});

test('no hostile name is a formula in a workbook', async () => {
    const context = await visitor(hall.then, 'organiser');
    for (const [kind, names] of [['booths', booths], ['products', products]]) {
        const book = workbook(await file(context, kind, 'xlsx'));
        assert.equal(book.formulas, 0);
        const texts = book.rows.flat().filter((c) => typeof c === 'string');
        none(names.filter((name) => !texts.includes(name)), `lost in ${kind}`);
        const links = [...book.files].filter(([name, xml]) =>
            name.endsWith('.xml') && /<hyperlink |<oleObject/.test(xml));
        none(links.map(([name]) => name), 'links');
    }
    await context.close();
});
