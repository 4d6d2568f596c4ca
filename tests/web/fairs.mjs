// fairs.mjs - the published fairs again, and a fair that is running: what was
// in the papers stands on pages and in the bulletin, areas are never stands,
// and no running day looks like a fall.
import { assert, ask, at, hall, none, report, test, visitor } from './suite.mjs';

const text = (page, selector = 'main') => page.locator(selector).innerText();

/** Numbers as Vietnamese people write them: 6056.5 -> "6.056,5". */
const people = (n, decimals = 0) => n.toLocaleString('vi-VN',
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

const hundredths = (n) => people(n / 100, 2);

// ---- Summer 2020 ------------------------------------------------------------

const summer = hall.composition;
const ORIGINS = ['in-province', 'other-province', 'foreign'];

function checkProducts(n, wanted, where) {
    assert.ok(wanted.exact ? n === wanted.products : n > wanted.products,
        `${where}: ${n} products, published ${wanted.exact ? '' : 'more than '}` +
        wanted.products);
}

test('the composition of Summer 2020 is the published one', async () => {
    const context = await visitor(hall.then, 'organiser');
    const said = await report(context, hall.then, 'composition', 'HE2020');
    await context.close();
    const rows = Object.values(said).find((v) => Array.isArray(v));
    let stands = 0;
    for (const origin of ORIGINS) {
        const row = rows.find((r) => r.origin === origin);
        assert.equal(row.areas, summer[origin].areas);
        checkProducts(row.products_on_show, summer[origin], origin);
        stands += row.stands;
    }
    assert.equal(stands, summer.total.stands);
});

test('the page of booths has areas and stands in columns of their own',
    async () => {
        const context = await visitor(hall.then, 'organiser');
        const page = await context.newPage();
        await page.goto(at(hall.then, '/booths', { fair: 'HE2020' }));
        const heads = (await page.locator('#composition thead th')
            .allInnerTexts()).map((h) => h.toLowerCase());
        const areas = heads.findIndex((h) => h.includes('khu gian hàng'));
        const stands = heads.findIndex((h, i) => i !== areas &&
            h.includes('gian hàng'));
        assert.ok(areas > 0 && stands > 0 && areas !== stands, heads.join('|'));
        const rows = await page.locator('#composition tbody tr').evaluateAll(
            (all) => all.map((tr) => [...tr.cells].map((c) => {
                const data = c.querySelector('data');
                return data ? data.value : c.textContent;
            })));
        await context.close();
        const column = (i) => ORIGINS.map((origin) => Number(
            rows.find((r) => r[0] === origin)[i]));
        assert.deepEqual(column(areas), ORIGINS.map((o) => summer[o].areas));
        assert.equal(column(stands).reduce((a, b) => a + b),
            summer.total.stands);
    });

test('the bulletin of Summer 2020 tells areas, stands and products', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    await page.goto(at(hall.then, '/bulletin', { fair: 'HE2020', lang: 'vi' }));
    const said = (await text(page)).replaceAll('\u00a0', ' ');
    await context.close();
    const wanted = [`${summer.total.areas} khu gian hàng`,
        `${summer.total.stands} gian hàng`,
        ...ORIGINS.map((o) => String(summer[o].areas)),
        String(summer['in-province'].products)];
    none(wanted.filter((w) => !said.includes(w)).map((w) =>
        `"${w}" is not in:\n${said.slice(0, 1500)}`), 'missing');
    assert.ok(!said.includes(`${summer.total.stands} khu gian hàng`));
});

// ---- Spring 2020 ------------------------------------------------------------

const spring = hall.published.XUAN2020;

test('the growth of Spring 2020 is the published one, by the day', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    for (const [other, growth] of Object.entries(hall.growth)) {
        const said = await report(context, hall.then, 'compare', 'XUAN2020',
            { with: other });
        for (const [row, wanted] of [
            [said.revenue_vnd.in_province, growth.in_province],
            [said.visits, growth.visits]]) {
            assert.equal(row.this, wanted.this);
            assert.equal(row.that, wanted.that);
            for (const m of ['growth_total_pct', 'growth_per_day_pct'])
                assert.equal(Math.round(row[m] * 100), wanted[m], `${other} ${m}`);
        }
        await page.goto(at(hall.then, '/compare',
            { fair: 'XUAN2020', with: other, lang: 'vi' }));
        const values = await page.locator('#compare data').evaluateAll((all) =>
            all.map((d) => Number(d.value)));
        const seen = await text(page, '#compare');
        for (const g of [growth.in_province, growth.visits]) {
            assert.ok(values.includes(g.growth_per_day_pct), other);
            assert.ok(values.includes(g.growth_total_pct), other);
            assert.ok(seen.includes(hundredths(g.growth_per_day_pct)), seen);
        }
    }
    await context.close();
});

test('the bulletin of Spring 2020 tells revenue, visits and their growth',
    async () => {
        const context = await visitor(hall.then, 'organiser');
        const page = await context.newPage();
        await page.goto(at(hall.then, '/bulletin',
            { fair: 'XUAN2020', lang: 'vi' }));
        const said = await text(page);
        await context.close();
        const growth = hall.growth.XUAN2019;
        const wanted = [people(Number(spring.visits)),
            people(spring.revenue_in_province_vnd / 1e6, 1),
            hundredths(growth.in_province.growth_per_day_pct),
            hundredths(growth.visits.growth_per_day_pct)];
        none(wanted.filter((w) => !said.includes(w)).map((w) =>
            `"${w}" is not in:\n${said.slice(0, 1500)}`), 'missing');
    });

// ---- 10:07 on the second day ------------------------------------------------

/** Every growth against the other fair in a report, with its place. */
function growths(value, where = '') {
    if (value === null || typeof value !== 'object')
        return [];
    return Object.entries(value).flatMap(([key, v]) =>
        /^growth(_total_pct|_per_day_pct|_pct)?$/.test(key)
            ? [[`${where}.${key}`, v]] : growths(v, `${where}.${key}`));
}

test('two identical fairs have no growth at 10:07 on the second day', async () => {
    const context = await visitor(hall.then, 'organiser');
    const faults = [];
    let known = 0;
    for (const kind of ['glance', 'compare', 'pace', 'course', 'league']) {
        const said = await report(context, hall.then, kind, 'NAY2021',
            { with: 'TRUOC2020' });
        for (const [where, growth] of growths(said, kind)) {
            known += growth !== null;
            if (growth !== null && growth !== 0)
                faults.push(`${where}: ${growth}`);
        }
    }
    await context.close();
    none(faults, 'growths');
    assert.ok(known >= 10, `${known} growths are known`);
});

test('the page of the running fair shows no fall against its twin', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    await page.goto(at(hall.then, '/', { fair: 'NAY2021', with: 'TRUOC2020' }));
    const cards = await page.locator('.card').evaluateAll((all) =>
        all.map((c) => [...c.querySelectorAll('.delta')].map((d) =>
            Number(d.value ?? NaN))));
    const soFar = await page.locator('#to-date .delta').evaluateAll((all) =>
        all.map((d) => Number(d.value ?? NaN)));
    await context.close();
    assert.ok(cards.length >= 5 && soFar.length >= 5);
    // The first delta of a card is the one against the other fair.
    assert.deepEqual(cards.map((c) => c[0]), cards.map(() => 0));
    assert.deepEqual(soFar, soFar.map(() => 0));
});

test('a fair known by published totals has no comparison to the minute',
    async () => {
        const context = await visitor(hall.then, 'organiser');
        const said = await report(context, hall.then, 'glance', 'NAY2021',
            { with: 'CONGBO2020' });
        const rows = Object.values(said).find((v) => Array.isArray(v));
        assert.equal(said.running, true);
        assert.ok(rows.every((r) => r.growth === null && r.that === null));
        const page = await context.newPage();
        await page.goto(at(hall.then, '/',
            { fair: 'NAY2021', with: 'CONGBO2020', lang: 'en' }));
        assert.match(await text(page, '.against'), /published/);
        const compared = await ask(context, hall.then, '/report',
            { kind: 'compare', fair: 'NAY2021', with: 'CONGBO2020' });
        const falls = compared.status() !== 200 ? []
            : growths(await compared.json()).filter(([, g]) => g < 0);
        await context.close();
        none(falls, 'false falls');
    });
