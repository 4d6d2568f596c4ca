// paper.mjs - workbooks in a spreadsheet program, with their charts; the daily
// and the final report on A4.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { csv, unzip, workbook } from './files.mjs';
import { assert, ask, at, hall, none, report, shots, test, visitor }
    from './suite.mjs';

const run = promisify(execFile);

function scratch() {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'fair-paper-'));
}

// ---- workbooks --------------------------------------------------------------

/** What a spreadsheet program makes of workbooks, in another format. */
async function convert(dir, format, names) {
    await run('soffice', [`-env:UserInstallation=file://${dir}/profile`,
        '--headless', '--convert-to', format, '--outdir', dir,
        ...names.map((name) => path.join(dir, `${name}.xlsx`))],
    { timeout: 120000, env: { ...process.env, HOME: dir } });
}

async function fetchAll(context, dir, kinds) {
    for (const kind of kinds) {
        const reply = await ask(context, hall.then, '/report',
            { kind, fair: 'HE2020', format: 'xlsx', lang: 'vi' });
        assert.equal(reply.status(), 200, kind);
        fs.writeFileSync(path.join(dir, `${kind}.xlsx`), await reply.body());
    }
}

/** Whole numbers, which the program shows with commas. */
const numbers = (rows) => rows.flat().map((f) => f.replaceAll(',', ''))
    .filter((f) => /^-?\d+$/.test(f));

test('workbooks open in a spreadsheet program, with figures and charts',
    async () => {
        const dir = scratch();
        const context = await visitor(hall.then, 'organiser');
        const charted = ['pace', 'course'], kinds = [...charted, 'days',
            'booths', 'products'];
        await fetchAll(context, dir, kinds);
        for (const kind of kinds) {
            const book = workbook(fs.readFileSync(`${dir}/${kind}.xlsx`));
            assert.equal(book.formulas, 0);
            assert.equal(book.charts, charted.includes(kind) ? 1 : book.charts,
                `${kind}: ${book.charts} charts`);
        }
        await convert(dir, 'ods', kinds);
        for (const kind of charted) {
            const files = unzip(fs.readFileSync(`${dir}/${kind}.ods`));
            const objects = [...files.keys()].filter((name) =>
                /^Object \d+\/content.xml$/.test(name));
            assert.ok(objects.length > 0, `${kind}: no chart was read`);
            assert.match(files.get(objects[0]).toString(), /chart:series/);
        }
        await convert(dir, 'pdf', charted);
        for (const kind of charted) {
            const pdf = `${dir}/${kind}.pdf`;
            const { stdout } = await run('pdfinfo', [pdf]);
            assert.ok(Number(/Pages: +(\d+)/.exec(stdout)[1]) >= 2,
                `${kind}: the chart's sheet is not printed`);
            await run('pdftoppm', ['-r', '50', '-png', pdf,
                path.join(shots, `workbook-${kind}`)]);
        }
        const days = await report(context, hall.then, 'days', 'HE2020');
        await convert(dir, 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false',
            ['days']);
        const seen = numbers(csv(Buffer.concat([Buffer.from('\ufeff'),
            fs.readFileSync(`${dir}/days.csv`)])));
        none(days.days.filter((d) => !seen.includes(String(d.net_vnd)))
            .map((d) => `${d.date}: ${d.net_vnd} is not in the workbook`));
        await context.close();
        fs.rmSync(dir, { recursive: true });
    });

// ---- A4 ---------------------------------------------------------------------

const A4 = /Page size: +59[45]\.?\d* x 84[12]\.?\d* pts \(A4\)/;

async function print(context, address, name) {
    const page = await context.newPage();
    await page.goto(address);
    await page.emulateMedia({ media: 'print' });
    const seen = await page.locator('canvas:visible, nav:visible, ' +
        'button:visible, form:visible').count();
    assert.equal(seen, 0, 'something is printed that is no paper');
    const pdf = path.join(shots, `${name}.pdf`);
    await page.pdf({ path: pdf, preferCSSPageSize: true,
        printBackground: true });
    await page.close();
    await run('pdftoppm', ['-r', '60', '-png', pdf,
        path.join(shots, `paper-${name}`)]);
    const { stdout: info } = await run('pdfinfo', [pdf]);
    const { stdout: text } = await run('pdftotext', ['-layout', pdf, '-'],
        { maxBuffer: 1 << 24 });
    return { info, pages: text.split('\f').slice(0, -1) };
}

for (const [name, query] of [['daily', { fair: 'HE2020', day: '2020-07-25' }],
    ['final', { fair: 'HE2020' }]]) {
    test(`the ${name} report is A4, signed at its end, with heads on each page`,
        async () => {
            const context = await visitor(hall.then, 'organiser');
            const { info, pages } = await print(context,
                at(hall.then, `/${name}`, { ...query, lang: 'vi' }), name);
            const days = await report(context, hall.then, 'days', 'HE2020');
            await context.close();
            assert.match(info, A4);
            const whole = pages.join('\n');
            assert.match(whole, /Hội chợ OCOP Quảng Ninh - Hè 2020/);
            const signed = /Người lập|Drawn up by/;
            assert.match(pages.at(-1), signed, 'not signed on the last page');
            const day = days.days.find((d) => d.date === '2020-07-25');
            const shown = name === 'daily' ? day : days.totals;
            assert.ok(whole.includes(shown.net_vnd.toLocaleString('vi-VN')),
                `${shown.net_vnd} is not on paper`);
        });
}

test('a table that goes over a page repeats its head', async () => {
    const context = await visitor(hall.then, 'organiser');
    const { pages } = await print(context,
        at(hall.then, '/products', { fair: 'HE2020', lang: 'en' }), 'products');
    await context.close();
    assert.ok(pages.length > 2, `${pages.length} pages`);
    none(pages.slice(0, -1).filter((p) => !/Quantity/.test(p))
        .map((p) => p.slice(0, 300)), 'pages without the head');
});
