// figures.mjs - one figure is the same everywhere: in the page's <data>, in
// JSON, CSV and XLSX, and worked out again from the stored events (truth.py),
// as integers.
import { csv, workbook } from './files.mjs';
import { pages } from './routes.mjs';
import { assert, at, hall, none, report, test, visitor } from './suite.mjs';

const list = (await pages(hall.then)).filter((p) => p.path !== '/press' &&
    p.params.includes('fair'));

// ---- a page's sections ------------------------------------------------------

/** Of every section with exports: where they are, and the cells of its table
 * as programs read them; null stands for a dash. */
function sections(page) {
    return page.locator('section:has(.exports)').evaluateAll((all) =>
        all.map((section) => {
            const links = Object.fromEntries(
                [...section.querySelectorAll('.exports a')].map((a) =>
                    [/format=(\w+)/.exec(a.href)[1], a.href]));
            const cell = (td) => {
                const known = td.querySelector('data, time, bdi');
                return !known ? null : known.tagName === 'BDI'
                    ? known.textContent : known.getAttribute('value') ??
                        known.getAttribute('datetime');
            };
            const table = section.querySelector('table:not(.heat)');
            return { id: section.id, links, rows: table &&
                [...table.querySelectorAll('tbody tr')].map((tr) =>
                    [...tr.cells].map(cell)) };
        }));
}

/** A field of a CSV file as the page's value would have it. */
function plain(field) {
    if (field === '')
        return null;
    if (/^-?\d+\.\d\d$/.test(field))
        return String(BigInt(field.replace('.', '')));
    return field.startsWith("'") ? field.slice(1) : field;
}

/** Is each column of the page one of the file's, on every row? A page may
 * have them in an order of its own. */
function shows(rows, fields) {
    const left = fields[0].map((_, column) => column);
    for (let i = 0; i < rows[0].length; i++) {
        const at = left.findIndex((column) => rows.every((row, r) =>
            row[i] === plain(fields[r][column])));
        if (at < 0)
            return `column ${i}: ${rows.slice(0, 3).map((r) => r[i])} is in ` +
                'no column of the file';
        left.splice(at, 1);
    }
    return null;
}

// ---- the same in files ------------------------------------------------------

const DAY_MS = 86400000, SERIAL_1970 = 25569;

/** The number in a workbook's cell for what CSV says, by the unit of cells. */
const ways = [
    (s) => /^-?\d+$/.test(s) && Number(s),
    (s) => /^-?\d+$/.test(s) && Number(s) / 1000,
    (s) => /^-?\d+\.\d\d$/.test(s) && Number(s),
    (s) => /^-?\d+\.\d\d$/.test(s) && Number(s) / 100,
    (s) => /^\d{4}-\d\d-\d\d$/.test(s) && Date.parse(s) / DAY_MS + SERIAL_1970,
    (s) => /^\d{4}-\d\d-\d\dT/.test(s) &&
        (Math.floor(Date.parse(s) / 1000) + 7 * 3600) / 86400 + SERIAL_1970,
    (s) => s === 'true' ? 1 : s === 'false' ? 0 : false,
];

/** A column of numbers says in one way on all rows what the CSV says; where
 * that mixes units (a comparison), in one way for each. */
function sameNumbers(cells, fields) {
    const same = (way, cell, field) => {
        if (field === '' || typeof cell === 'string')
            return field === '' || cell === field;
        const wanted = way(field);
        return wanted !== false && cell !== null &&
            Math.abs(cell.number - wanted) < 1e-6;
    };
    const mixed = fields.some((f) => f.includes('.')) &&
        fields.some((f) => /^-?\d+$/.test(f));
    return mixed
        ? cells.every((c, i) => ways.some((way) => same(way, c, fields[i])))
        : ways.some((way) => cells.every((c, i) => same(way, c, fields[i])));
}

/** A column of texts, or of words each with one translation. */
function sameTexts(cells, fields) {
    const said = new Map();
    return cells.every((cell, i) => {
        const field = plain(fields[i]);
        if (field === null || cell === field)
            return true;
        if (said.has(field))
            return said.get(field) === cell;
        said.set(field, cell);
        return said.size <= 24 && /^[\w.-]+$/.test(field);
    });
}

function sameWorkbook(book, head, rows) {
    const first = book.rows.findIndex((r) => r.length === head.length &&
        r.every((c) => typeof c === 'string')) + 1;
    if (first === 0)
        return 'no row of headings';
    const cells = book.rows.slice(first, first + rows.length);
    if (cells.length < rows.length)
        return `${cells.length} rows instead of ${rows.length}`;
    for (let i = 0; i < head.length; i++) {
        const column = cells.map((r) => r[i] ?? null);
        const fields = rows.map((r) => r[i]);
        const same = column.some((c) => c !== null && typeof c === 'object')
            ? sameNumbers : sameTexts;
        if (!same(column, fields))
            return `${head[i]}: ${JSON.stringify(column.slice(0, 3))}, CSV ` +
                `says ${fields.slice(0, 3)}`;
    }
    return null;
}

/** A comparison's JSON is an object of its own (CONTRACT): a figure's name is
 * the way to it. */
function sameComparison(document, head, rows) {
    const wrong = rows.filter(([figure, ...fields]) => {
        const at = figure.split('.').reduce((o, name) => o[name], document);
        return !fields.every((field, i) => sameField(at[head[i + 1]] ?? null,
            field));
    });
    return wrong.length === 0 ? null : `JSON says otherwise than ${wrong[0]}`;
}

function sameField(value, text) {
    if (value === null)
        return text === '';
    return typeof value === 'number' && text.includes('.')
        ? value.toFixed(2) === text : String(value) === (plain(text) ?? '');
}

function sameJson(document, head, rows) {
    if (head[0] === 'figure' && 'revenue_vnd' in document)
        return sameComparison(document, head, rows);
    const arrays = Object.values(document).filter((v) => Array.isArray(v) &&
        v.length === rows.length && (v.length === 0 || head.every((name) =>
        name in v[0])));
    if (arrays.length === 0)
        return rows.length === 0 ? null : 'no array with the members of CSV';
    return arrays.some((array) => array.every((row, r) =>
        head.every((name, i) => sameField(row[name], rows[r][i]))))
        ? null : 'JSON says otherwise than CSV';
}

// ---- every section of every page --------------------------------------------

async function compare(context, where, section) {
    const get = async (format) => {
        const reply = await context.request.get(section.links[format]);
        assert.equal(reply.status(), 200, section.links[format]);
        return reply.body();
    };
    const [head, ...rows] = csv(await get('csv'));
    const faults = [];
    const note = (what, why) => why && faults.push(`${where} ${what}: ${why}`);
    // The overview shows the first rows; what is taken away from it is whole.
    const some = where.startsWith('/#') ? section.rows?.length : rows.length;
    if (section.rows && section.rows.length > 0)
        note('page', section.rows.length !== some || some > rows.length
            ? `${section.rows.length} rows, CSV ${rows.length}`
            : shows(section.rows, rows));
    note('json', sameJson(JSON.parse(await get('json')), head, rows));
    const book = workbook(await get('xlsx'));
    note('xlsx', sameWorkbook(book, head, rows));
    note('xlsx', book.formulas > 0 && 'a formula');
    return faults;
}

async function samePages(query) {
    const context = await visitor(hall.then, 'admin');
    const page = await context.newPage();
    const faults = [], seen = new Set();
    for (const one of list) {
        const known = Object.entries(query).filter(([key]) =>
            one.params.includes(key));
        await page.goto(at(hall.then, one.path, Object.fromEntries(known)),
            { waitUntil: 'domcontentloaded' });
        for (const section of await sections(page)) {
            if (!seen.has(section.links.csv))
                faults.push(...await compare(context,
                    `${one.path}#${section.id}`, section));
            seen.add(section.links.csv);
        }
    }
    await context.close();
    none(faults);
    assert.ok(seen.size >= 15, `only ${seen.size} reports on all pages`);
}

for (const [fair, other] of [['HE2020', 'XUAN2020'], ['XUAN2020', 'XUAN2019'],
    ['NAY2021', 'TRUOC2020']]) {
    test(`pages, JSON, CSV and XLSX say the same, ${fair} against ${other}`,
        () => samePages({ fair, with: other }));
}

// ---- against the events -----------------------------------------------------

const TOTALS = ['revenue_vnd', 'refunds_vnd', 'voids_vnd', 'net_vnd', 'sales',
    'visits'];

/** Rows by key, each with the members of the truth's rows. */
function same(rows, keyOf, wanted, what) {
    const faults = [], seen = new Set();
    for (const row of rows) {
        const key = keyOf(row), truth = wanted[key];
        seen.add(key);
        for (const member of Object.keys(truth ?? Object.values(wanted)[0])) {
            if (row[member] !== (truth?.[member] ?? 0))
                faults.push(`${what} ${key} ${member}: ${row[member]}, ` +
                    `events say ${truth?.[member] ?? 0}`);
        }
    }
    for (const key of Object.keys(wanted)) {
        if (!seen.has(key) && Object.values(wanted[key]).some((n) => n !== 0))
            faults.push(`${what} ${key} has no row`);
    }
    return faults;
}

for (const [fair, truth] of Object.entries(hall.fairs)) {
    test(`the figures of ${fair} are those of its events`, async () => {
        const context = await visitor(hall.then, 'organiser');
        const ask = (kind) => report(context, hall.then, kind, fair);
        const days = await ask('days');
        const faults = TOTALS.filter((m) =>
            days.totals[m] !== truth.totals[m]).map((m) =>
            `total ${m}: ${days.totals[m]}, events say ${truth.totals[m]}`);
        faults.push(...same(days.days, (r) => r.date, truth.days, 'days'));
        faults.push(...same((await ask('hours')).hours,
            (r) => `${r.date} ${r.hour}`, truth.hours, 'hours'));
        faults.push(...same((await ask('booths')).booths, (r) => r.booth,
            truth.booths, 'booths'));
        faults.push(...same((await ask('products')).products,
            (r) => `${r.sku}|${r.seller ?? ''}`, truth.products, 'products'));
        const counts = Object.fromEntries(Object.entries(truth.visitors)
            .map(([key, visits]) => [key, { visits }]));
        faults.push(...same((await ask('visitors')).days,
            (r) => `${r.date} ${r.hour} ${r.gate ?? ''}`, counts, 'visitors'));
        await context.close();
        none(faults);
    });
}

// ---- growth -----------------------------------------------------------------

/** n/d as whole hundredths of a per cent, half away from zero. */
export function perCent(n, d) {
    const [a, b] = [BigInt(n) * 10000n, BigInt(d)];
    const up = (2n * (a < 0n ? -a : a) + b) / (2n * b);
    return Number(a < 0n ? -up : up);
}

/** A percentage of JSON, exactly two decimals, as hundredths. */
const whole = (pct) => pct === null ? null : Math.round(pct * 100);

test('a comparison of two measured fairs is that of their events', async () => {
    const context = await visitor(hall.then, 'organiser');
    const [a, b] = [hall.fairs.HE2020, hall.fairs.XUAN2020];
    const said = await report(context, hall.then, 'compare', 'HE2020',
        { with: 'XUAN2020' });
    await context.close();
    assert.deepEqual(said.source, { this: 'measured', that: 'measured' });
    assert.deepEqual(said.days, { this: a.fair_days, that: b.fair_days });
    const origins = { in_province: 'in-province',
        other_province: 'other-province', foreign: 'foreign' };
    const pairs = [[said.visits, a.totals.visits, b.totals.visits],
        [said.revenue_vnd.all, a.totals.net_vnd, b.totals.net_vnd],
        ...Object.entries(origins).map(([member, origin]) =>
            [said.revenue_vnd[member], a.origins[origin] ?? 0,
                b.origins[origin] ?? 0])];
    for (const [row, mine, other] of pairs) {
        assert.equal(row.this, mine);
        assert.equal(row.that, other);
        assert.equal(whole(row.growth_total_pct),
            other === 0 ? null : perCent(mine - other, other));
        assert.equal(whole(row.growth_per_day_pct), other === 0 ? null :
            perCent(BigInt(mine) * BigInt(b.fair_days) -
                BigInt(other) * BigInt(a.fair_days),
            BigInt(other) * BigInt(a.fair_days)));
    }
});

const nearest = (n, d) => d === 0 ? null
    : Number((2n * BigInt(n) + BigInt(d)) / (2n * BigInt(d)));

test('the glance is the last day and the whole fair of the events',
    async () => {
        const context = await visitor(hall.then, 'organiser');
        const said = await report(context, hall.then, 'glance', 'HE2020');
        await context.close();
        const truth = hall.fairs.HE2020;
        const last = Object.keys(truth.days).sort().at(-1);
        assert.equal(said.date, last);
        const rows = Object.values(said).find((v) => Array.isArray(v));
        const value = (period, name) => rows.find((r) =>
            r.period === period && r.name === name).value;
        for (const [period, sums] of [['day', truth.days[last]],
            ['to_date', truth.totals]]) {
            assert.equal(value(period, 'net_vnd'), sums.net_vnd);
            assert.equal(value(period, 'sales'), sums.sales);
            assert.equal(value(period, 'visits'), sums.visits);
            assert.equal(value(period, 'average_vnd'),
                nearest(sums.net_vnd, sums.sales));
            assert.equal(value(period, 'vnd_per_visit'),
                nearest(sums.net_vnd, sums.visits));
        }
    });

test('the league by origin is that of the events', async () => {
    const context = await visitor(hall.then, 'organiser');
    const said = await report(context, hall.then, 'league', 'HE2020',
        { by: 'origin' });
    await context.close();
    const rows = Object.values(said).find((v) => Array.isArray(v));
    for (const [origin, net] of Object.entries(hall.fairs.HE2020.origins)) {
        const row = rows.find((r) => Object.values(r).includes(origin));
        assert.ok(row && Object.values(row).includes(net),
            `${origin}: ${JSON.stringify(row)}, events say ${net}`);
    }
});

test('the heat map is the hours of the events', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    await page.goto(at(hall.then, '/hours', { fair: 'HE2020' }));
    const cells = await page.locator('table.heat tbody data')
        .evaluateAll((all) => all.map((d) => Number(d.value)));
    await context.close();
    const nets = Object.values(hall.fairs.HE2020.hours).map((h) => h.net_vnd);
    assert.deepEqual(cells.filter((n) => n !== 0).sort((a, b) => a - b),
        nets.filter((n) => n !== 0).sort((a, b) => a - b));
});
