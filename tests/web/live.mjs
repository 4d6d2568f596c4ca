// live.mjs - a fair of today, with the installed programs: what a till sends is
// on an open page a moment later, and a page that is paused stays as it is.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { assert, at, hall, report, test, visitor, watched } from './suite.mjs';

const run = promisify(execFile);
const [first, second] = hall.now.tills;
const SOON = { timeout: 8000 };

async function program(name, data, ...words) {
    const { stdout } = await run(`${hall.build}/${name}`,
        ['--data', data, ...words, '--format', 'json']);
    return JSON.parse(stdout);
}

/** Sells, and tells the aggregator. */
async function sell(till, ...items) {
    const sold = await program('fair-pos', till, 'sell', ...items, '--exact');
    await program('fair-sync', till, 'once');
    return sold;
}

const glance = (page) => page.locator('[data-glance="0"] data').first()
    .getAttribute('value').then(Number);
const latest = (page) => page.locator('[data-live=latest] tbody tr').count();
const figures = (page) => page.locator('.card data, [data-live=latest] data')
    .evaluateAll((all) => all.map((d) => d.value));

/** Waits until the net revenue of the day is so much. */
const until = (page, net) => page.waitForFunction((n) => Number(document
    .querySelector('[data-glance="0"] data').value) === n, net, SOON);

test('a sale appears on an open page by itself, and a pause holds the last',
    async () => {
        await sell(first, 'CM01');
        const context = await visitor(hall.now, 'organiser');
        const page = await watched(context);
        let loads = 0;
        page.on('load', () => loads++);
        await page.goto(at(hall.now, '/', { fair: hall.now.fair }));
        const [before, rows] = [await glance(page), await latest(page)];

        const sold = await sell(first, 'MD01', '2*MO01');
        await until(page, before + sold.total_vnd);
        assert.ok(await latest(page) > rows, 'the last sales stand still');
        assert.equal(loads, 1, 'the page was loaded again');

        const pause = page.locator('button[data-pause]');
        await pause.click();
        const [held, shown] = [await glance(page), await latest(page)];
        const more = await sell(second, 'MD01');
        await until(page, held + more.total_vnd);
        assert.equal(await latest(page), shown, 'a paused list has changed');
        await pause.click();
        await sell(second, 'MD01');
        await page.waitForFunction((n) => document.querySelectorAll(
            '[data-live=latest] tbody tr').length > n, shown, SOON);

        const open = await figures(page);
        await page.reload();
        assert.deepEqual(await figures(page), open);
        const said = await report(context, hall.now, 'days', hall.now.fair);
        const today = said.days.find((d) => d.date === hall.now.day);
        assert.equal(today.net_vnd, await glance(page));
        assert.deepEqual(page.faults, []);
        await context.close();
    });

test('a visit that is counted appears, and no visit fails the page', async () => {
    const context = await visitor(hall.now, 'owner');
    const page = await watched(context);
    await page.goto(at(hall.now, '/', { fair: hall.now.fair }));
    const visits = () => page.locator('[data-glance="3"] data').first()
        .getAttribute('value').then(Number);
    const before = await visits();
    await program('fair-pos', first, 'visitors', '7');
    await program('fair-sync', first, 'once');
    await page.waitForFunction((n) => Number(document
        .querySelector('[data-glance="3"] data').value) === n, before + 7,
    SOON);
    assert.deepEqual(page.faults, []);
    await context.close();
});
