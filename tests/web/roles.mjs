// roles.mjs - who sees what: every address, as every role and as nobody.
import { routes } from './routes.mjs';
import { ask, assert, at, hall, none, report, stranger, test, visitor }
    from './suite.mjs';

const all = await routes(hall.then);
const gets = Object.entries(all).filter(([, m]) => m.get)
    .map(([path, m]) => ({ path, ...m.get }));
const OPEN = ['/sign-in', '/definitions', '/healthz', '/readyz', '/metrics',
    '/version', '/openapi.yaml', '/assets/style.css', '/assets/script.js',
    '/assets/chart.js', '/assets/icon.svg'];

/** Questions that reach for more than one's own. */
const WISHES = [{}, { fair: 'NAY2021' }, { fair: 'HE2020' },
    { fair: 'TRUOC2020' }, { fair: 'NAY2021', booth: 'A02' },
    { fair: 'NAY2021', with: 'TRUOC2020' }, { fair: 'NAY2021', by: 'booth' },
    { fair: 'NAY2021', origin: 'in-province' }];

const live = (path) => path === '/live';

/** Every answer that a context can get: "/path?query", status, text. */
async function answers(context, paths) {
    const found = [];
    for (const { path, params } of paths) {
        if (live(path))
            continue; // it is the glance and the last sales of the overview
        for (const wish of WISHES) {
            if (!Object.keys(wish).every((key) => params.includes(key)))
                continue;
            const kindOf = path === '/report' ? hall.kinds : [null];
            for (const kind of kindOf) {
                const query = kind ? { kind, ...wish } : wish;
                const reply = await ask(context, hall.then, path, query);
                found.push({ path, status: reply.status(),
                    where: `${path}?${new URLSearchParams(query)}`,
                    to: reply.headers().location, text: await reply.text() });
            }
        }
    }
    return found;
}

// ---- nobody -----------------------------------------------------------------

test('nobody gets any figure: pages lead to the sign-in, files are refused',
    async () => {
        const context = await stranger();
        const closed = gets.filter((g) => !OPEN.includes(g.path));
        const faults = (await answers(context, closed)).filter((a) =>
            !(a.status === 303 && a.to?.startsWith('/sign-in')) &&
            ![401, 403, 404].includes(a.status)).map((a) =>
            `${a.where}: ${a.status}`);
        for (const { path } of gets.filter((g) => live(g.path))) {
            const reply = await ask(context, hall.then, path);
            assert.equal(reply.status(), 401);
        }
        await context.close();
        none(faults);
    });

test('what is open to everybody answers', async () => {
    const context = await stranger();
    const faults = [];
    for (const path of OPEN) {
        const reply = await ask(context, hall.then, path);
        if (reply.status() !== 200)
            faults.push(`${path}: ${reply.status()}`);
    }
    await context.close();
    none(faults);
});

// ---- the owner of a booth ---------------------------------------------------

/** What would give another booth away: names, codes in links, amounts. */
function secrets() {
    const { booths, totals } = hall.fairs.NAY2021;
    const amounts = Object.entries(booths).filter(([b]) => b !== 'A01')
        .flatMap(([, row]) => [row.net_vnd, row.revenue_vnd])
        .concat(totals.net_vnd, totals.revenue_vnd,
            hall.fairs.TRUOC2020.totals.net_vnd)
        .filter((n) => n > 100000 && n !== booths.A01.net_vnd &&
            n !== booths.A01.revenue_vnd);
    const codes = Object.keys(booths).filter((b) => b !== 'A01');
    return [...amounts.flatMap((n) => [String(n), n.toLocaleString('vi-VN')]),
        ...codes.flatMap((b) => [`booth=${b}`, `"${b}"`, `>${b}<`]),
        'Trước', 'Hội chợ trước', 'HE2020', 'TRUOC2020'];
}

test('the owner of a booth gets no other figures by any request', async () => {
    const context = await visitor(hall.then, 'owner');
    const told = secrets(), faults = [];
    let own = 0;
    for (const a of await answers(context, gets)) {
        if (!a.path.startsWith('/') || OPEN.includes(a.path))
            continue;
        own += a.status === 200;
        const said = told.filter((s) => a.text.includes(s) &&
            !a.where.includes(s.replaceAll(/["<>]/g, '')));
        if (said.length > 0)
            faults.push(`${a.where} (${a.status}): ${said.slice(0, 4)}`);
        if (a.status === 200 && /fair=(HE|TRUOC)2020|booth=A02/.test(a.where))
            faults.push(`${a.where}: ${a.status}`);
    }
    await context.close();
    none(faults);
    assert.ok(own >= 10, `only ${own} answers at all`);
});

test('the owner of a booth sees the own figures', async () => {
    const context = await visitor(hall.then, 'owner');
    const said = await report(context, hall.then, 'booths', 'NAY2021');
    await context.close();
    assert.equal(said.booths.length, 1);
    assert.equal(said.booths[0].net_vnd,
        hall.fairs.NAY2021.booths.A01.net_vnd);
});

// ---- the press --------------------------------------------------------------

test('a press link opens its page and nothing else', async () => {
    const context = await stranger();
    const link = new URL(hall.then.logins.press);
    const page = await context.newPage();
    await page.goto(at(hall.then, link.pathname + link.search));
    const values = await page.locator('main data').evaluateAll((found) =>
        found.map((d) => Number(d.value)));
    assert.ok(values.includes(hall.fairs.NAY2021.totals.net_vnd));
    assert.equal((await context.cookies()).filter((c) =>
        c.name.includes('fair') && c.name !== 'fair-lang').length, 0);
    const key = link.searchParams.get('key'), faults = [];
    for (const { path } of gets.filter((g) => !OPEN.includes(g.path) &&
        g.path !== '/press')) {
        for (const query of [{}, { key }, { fair: 'NAY2021' }]) {
            const reply = await ask(context, hall.then, path, query);
            if (reply.status() === 200)
                faults.push(`${path}?${new URLSearchParams(query)}`);
        }
    }
    none(faults, 'other pages open');
    const hrefs = await page.locator('main a').evaluateAll((found) =>
        found.map((a) => a.getAttribute('href')));
    none(hrefs.filter((h) => /^\/(report|explain|booths)/.test(h)));
    await context.close();
});

test('another key opens nothing', async () => {
    const context = await stranger();
    for (const key of ['', '0'.repeat(64), 'x', 'a'.repeat(400)]) {
        const reply = await ask(context, hall.then, '/press', { key });
        assert.ok(reply.status() >= 400, `${key}: ${reply.status()}`);
    }
    await context.close();
});

// ---- roles in between -------------------------------------------------------

test('staff of one fair see that fair and no other', async () => {
    const context = await visitor(hall.then, 'staff');
    const faults = [];
    for (const fair of ['HE2020', 'TRUOC2020', 'XUAN2020']) {
        for (const kind of ['days', 'booths', 'glance']) {
            const reply = await ask(context, hall.then, '/report',
                { kind, fair });
            if (reply.status() === 200)
                faults.push(`${kind} ${fair}`);
        }
    }
    const own = await report(context, hall.then, 'days', 'NAY2021');
    await context.close();
    none(faults, 'reports of other fairs');
    assert.equal(own.totals.net_vnd, hall.fairs.NAY2021.totals.net_vnd);
});

test('who may not see a page is neither led to it nor let in', async () => {
    const rights = { admin: ['/share', '/accounts'], organiser: ['/share'],
        staff: [], owner: [] };
    for (const [name, may] of Object.entries(rights)) {
        const context = await visitor(hall.then, name);
        const page = await context.newPage();
        await page.goto(at(hall.then, '/'));
        for (const path of ['/share', '/accounts']) {
            assert.equal(await page.locator(`a[href^="${path}"]`).count() > 0,
                may.includes(path), `${name} ${path}`);
            const reply = await ask(context, hall.then, path);
            assert.equal(reply.status(), may.includes(path) ? 200 : 403,
                `${name} ${path}`);
        }
        await context.close();
    }
});

test('signing out ends the session', async () => {
    const context = await stranger();
    const page = await context.newPage();
    await page.goto(at(hall.now, '/sign-in'));
    await page.fill('input[name=name]', 'staff');
    await page.fill('input[name=password]', hall.now.logins.staff);
    await Promise.all([page.waitForNavigation(),
        page.click('main form button')]);
    const cookies = await context.cookies();
    await page.locator('details.settings summary').click();
    await Promise.all([page.waitForNavigation(),
        page.click('form[action="/sign-out"] button')]);
    await context.clearCookies();
    await context.addCookies(cookies);
    const reply = await ask(context, hall.now, '/days');
    await context.close();
    assert.equal(reply.status(), 303);
});
