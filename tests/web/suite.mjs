// suite.mjs - tests that are run two at a time, and what they have in common:
// the browser, who is signed in, and a page that notices what goes wrong on it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

export const hall = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
export const shots = path.join(hall.web, 'shots');
fs.mkdirSync(shots, { recursive: true });

// The modules lie in the build folder, not beside this file.
const modules = createRequire(path.join(hall.web, 'package.json'));
const { chromium } = modules('playwright-core');
export const axe = fs.readFileSync(modules.resolve('axe-core/axe.min.js'),
    'utf8');

// ---- tests ------------------------------------------------------------------

const SIDE_BY_SIDE = 2, PATIENCE_MS = 15000;
const tests = [];

/** A test: its name is the rule. */
export function test(name, body) {
    tests.push({ name, body });
}

async function one({ name, body }) {
    const from = Date.now();
    let why = null;
    try {
        await body();
    } catch (e) {
        why = e instanceof assert.AssertionError ? e.message : e.stack;
    }
    const seconds = ((Date.now() - from) / 1000).toFixed(1);
    console.log(`${why ? 'FAIL' : 'ok  '} ${name} (${seconds} s)`);
    if (why)
        console.log(why.slice(0, 3000).replace(/^/gm, '     '));
    return why === null;
}

/** Runs them; the exit code. */
export async function run() {
    const wanted = tests.filter((t) => t.name.includes(process.env.W ?? ''));
    let passed = 0, next = 0;
    const worker = async () => {
        while (next < wanted.length) {
            const good = await one(wanted[next++]);
            passed += good; // not before: the other worker counts, too
        }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    await browser.close();
    console.log(`${passed} passed, ${wanted.length - passed} failed`);
    return passed === wanted.length && passed > 0 ? 0 : 1;
}

/** Fails with all of them. */
export function none(faults, what = 'faults') {
    assert.equal(faults.length, 0, `${faults.length} ${what}:\n` +
        faults.slice(0, 25).join('\n'));
}

// ---- the browser ------------------------------------------------------------

export const browser = await chromium.launch({
    executablePath: hall.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update',
        '--disable-sync'],
});

/** A context without anybody signed in. */
export async function stranger(options = {}) {
    const context = await browser.newContext({
        ignoreHTTPSErrors: true, locale: 'vi-VN',
        viewport: { width: 1440, height: 900 }, ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
}

async function signIn(server, name) {
    const context = await stranger();
    const page = await context.newPage();
    await page.goto(server.url + '/sign-in');
    await page.fill('input[name=name]', name);
    await page.fill('input[name=password]', server.logins[name]);
    await Promise.all([page.waitForNavigation(),
        page.click('main form [type=submit], main form button')]);
    assert.ok(!page.url().includes('/sign-in'), `${name} is not let in`);
    const state = await context.storageState();
    await context.close();
    return state;
}

const states = new Map();

/** A context in which `name` is signed in at a server of the hall; each signs
 * in once. */
export async function visitor(server, name, options = {}) {
    const key = server.url + ' ' + name;
    if (!states.has(key))
        states.set(key, signIn(server, name));
    return stranger({ storageState: await states.get(key), ...options });
}

/** A page that keeps in `faults` what is wrong: what it says on the console,
 * what the policy forbids, errors of scripts, answers with an error. */
export async function watched(context) {
    const page = await context.newPage();
    page.faults = [];
    page.on('console', (m) => {
        if (['error', 'warning'].includes(m.type()))
            page.faults.push(`console ${m.type()}: ${m.text()}`);
    });
    page.on('pageerror', (e) => page.faults.push(`script: ${e.message}`));
    page.on('requestfailed', (r) => {
        const why = r.failure()?.errorText;
        if (why !== 'net::ERR_ABORTED') // the page was left before
            page.faults.push(`request: ${r.url()} ${why}`);
    });
    page.on('response', (r) => {
        if (r.status() >= 400)
            page.faults.push(`answer ${r.status()}: ${r.url()}`);
    });
    await page.exposeFunction('policyViolated',
        (what) => page.faults.push(`policy: ${what}`));
    await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (e) =>
            window.policyViolated(`${e.violatedDirective} ${e.blockedURI}`));
    });
    return page;
}

/** Address of a page with its query. */
export function at(server, pathname, query = {}) {
    const url = new URL(pathname, server.url);
    for (const [key, value] of Object.entries(query))
        url.searchParams.set(key, value);
    return url.href;
}

/** What the server answers to whom the context belongs to. */
export function ask(context, server, pathname, query = {}) {
    return context.request.get(at(server, pathname, query),
        { maxRedirects: 0 });
}

/** A report as JSON. */
export async function report(context, server, kind, fair, more = {}) {
    const reply = await ask(context, server, '/report',
        { kind, fair, ...more });
    assert.equal(reply.status(), 200, `${kind} ${fair}: ${reply.status()} ` +
        await reply.text());
    return reply.json();
}

export { assert };
