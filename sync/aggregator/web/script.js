/* script.js - what makes the pages pleasanter; all of them are whole without.
 *
 * Charts are drawn from the tables beside them, the glance and the last sales
 * are kept fresh, the theme is remembered. Figures are only ever taken from
 * the page: nothing is computed here.
 */
"use strict";

const page = document.documentElement;
const chartsFile = document.currentScript.dataset.charts;

/* ---- theme: before anything is painted ---------------------------------- */

function storedTheme() {
    try {
        return localStorage.getItem("theme");
    } catch {
        return null; /* storage is forbidden */
    }
}

function showTheme(theme) {
    if (theme === "light" || theme === "dark") {
        page.dataset.theme = theme;
    }
}

function otherTheme() {
    const dark = page.dataset.theme
        ? page.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
    return dark ? "light" : "dark";
}

showTheme(storedTheme());

/* ---- charts ------------------------------------------------------------- */

const charts = [];
const MOST_BARS = 24; /* of a long league the first ones */

function color(name) {
    return getComputedStyle(page).getPropertyValue(name).trim();
}

/* The number in a cell, or null. */
function cellNumber(cell) {
    const data = cell && cell.querySelector("data");
    return data ? Number(data.value) : null;
}

/* What a chart writes under a row: days without their year. */
function cellLabel(cell) {
    const text = cell.textContent.trim();
    return text.replace(/^(\d\d\/\d\d)\/\d{4}$/, "$1");
}

function readTable(table) {
    const of = table.dataset;
    const bars = of.chart === "bars";
    const all = [...table.tBodies[0].rows];
    const rows = bars ? all.slice(0, MOST_BARS) : all;
    const columns = of.series.split(" ").map(Number);
    const ghosts = Number(of.ghosts);
    return {
        bars,
        labels: rows.map((row) => cellLabel(row.cells[Number(of.x)])),
        series: columns.map((column, i) => ({
            name: table.tHead.rows[0].cells[column].textContent.trim(),
            ghost: i >= columns.length - ghosts,
            values: rows.map((row) => cellNumber(row.cells[column])),
        })).filter((one) => one.values.some((value) => value !== null)),
    };
}

/* The fair compared with stands lighter, behind and, as a line, dashed. */
function dataset(read, series, i) {
    const behind = read.bars ? "--ghost" : "--soft";
    const own = color(series.ghost ? behind : `--chart-${i + 1}`);
    return {
        label: series.name,
        data: series.values,
        order: series.ghost ? 1 : 0,
        backgroundColor: own,
        borderColor: own,
        borderWidth: read.bars ? 0 : 2.5,
        borderDash: series.ghost ? [6, 4] : [],
        borderRadius: 3,
        pointRadius: series.values.length > 40 ? 0 : 3,
        grouped: false,
        barPercentage: series.ghost ? 1 : 0.65,
        categoryPercentage: 0.85,
        tension: 0,
        spanGaps: false,
    };
}

function axis(more) {
    return {
        border: { color: color("--line") },
        grid: { color: color("--line"), drawBorder: false },
        ticks: { color: color("--soft"), maxRotation: 0, ...more },
    };
}

function chartOptions(bars) {
    const short = new Intl.NumberFormat(page.lang, { notation: "compact" });
    const whole = new Intl.NumberFormat(page.lang);
    const y = axis({ callback: (value) => short.format(value) });
    const x = axis({ autoSkipPadding: 14 });
    x.grid.display = false;
    y.beginAtZero = true;
    return {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: { x, y },
        plugins: {
            legend: { labels: {
                color: color("--ink"),
                boxWidth: bars ? 14 : 28,
                usePointStyle: !bars,
                pointStyle: bars ? "rect" : "line",
            } },
            tooltip: {
                callbacks: {
                    label: (at) => `${at.dataset.label}: ${
                        whole.format(at.parsed.y)}`,
                },
            },
        },
    };
}

function draw(table, canvas) {
    const read = readTable(table);
    charts.push(new window.Chart(canvas, {
        type: read.bars ? "bar" : "line",
        data: {
            labels: read.labels,
            datasets: read.series.map((one, i) => dataset(read, one, i)),
        },
        options: chartOptions(read.bars),
    }));
}

/* A place for each chart, above its table; the table says what it shows. */
function makePlaces() {
    const places = [];
    for (const table of document.querySelectorAll("table[data-chart]")) {
        if (table.closest(".plain")) {
            table.removeAttribute("data-chart"); /* paper has none */
            continue;
        }
        const place = document.createElement("div");
        const canvas = document.createElement("canvas");
        place.className = "chart";
        place.setAttribute("aria-hidden", "true");
        place.append(canvas);
        table.closest(".scroll").before(place);
        places.push([table, canvas]);
    }
    return places;
}

function drawAll(places) {
    window.Chart.defaults.font.family = getComputedStyle(document.body)
        .fontFamily;
    for (const chart of charts.splice(0)) {
        chart.destroy();
    }
    for (const [table, canvas] of places) {
        draw(table, canvas);
    }
}

/* The library comes when the page has been painted, where it is needed. */
function startCharts() {
    const places = chartsFile ? makePlaces() : [];
    if (places.length === 0) {
        return () => {};
    }
    requestAnimationFrame(() => setTimeout(() => {
        const library = document.createElement("script");
        library.src = chartsFile;
        library.defer = true;
        library.addEventListener("load", () => drawAll(places));
        library.addEventListener("error", () => {
            places.forEach(([, canvas]) => canvas.parentNode.remove());
        });
        document.head.append(library);
    }));
    return () => window.Chart && drawAll(places);
}

function startTheme(redraw) {
    const button = document.querySelector("[data-theme-button]");
    if (button) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const theme = otherTheme();
            showTheme(theme);
            try {
                localStorage.setItem("theme", theme);
            } catch {
                /* it lasts as long as the page */
            }
            redraw();
        });
    }
    matchMedia("(prefers-color-scheme: dark)")
        .addEventListener("change", redraw);
}

/* ---- live --------------------------------------------------------------- */

/* What changed since is marked for a moment. */
function markChanges(before, after) {
    const old = before.querySelectorAll("[data-glance]");
    after.querySelectorAll("[data-glance]").forEach((card, i) => {
        if (old[i] && cellNumber(old[i]) !== cellNumber(card)) {
            card.classList.add("fresh");
        }
    });
}

function replacePart(name, news) {
    const before = document.querySelector(`[data-live="${name}"]`);
    const after = news.querySelector(`[data-live="${name}"]`);
    if (!before || !after || before.contains(document.activeElement)) {
        return;
    }
    const scrolled = [...before.querySelectorAll(".scroll")];
    markChanges(before, after);
    before.replaceWith(document.adoptNode(after));
    after.querySelectorAll(".scroll").forEach((one, i) => {
        one.scrollLeft = scrolled[i] ? scrolled[i].scrollLeft : 0;
    });
}

function startLive() {
    const line = document.querySelector("[data-stream]");
    const pause = document.querySelector("[data-pause]");
    if (!line || !window.EventSource) {
        return;
    }
    let source = null;
    let errors = 0; /* since the last news */
    let paused = false;
    let again = 0;

    /* A stream ends after every event: one error says nothing yet. */
    function show(lost) {
        line.hidden = false;
        line.classList.toggle("lost", lost);
        const text = lost ? line.dataset.lost : line.dataset.back;
        if (line.textContent !== text) {
            line.textContent = text;
        }
    }

    function close() {
        clearTimeout(again);
        if (source) {
            source.close();
            source = null;
        }
    }

    function open() {
        close();
        source = new EventSource(line.dataset.stream);
        source.addEventListener("glance", (event) => {
            const news = new DOMParser()
                .parseFromString(event.data, "text/html");
            errors = 0;
            show(false);
            replacePart("glance", news);
            if (!paused) {
                replacePart("latest", news);
            }
        });
        source.addEventListener("error", () => {
            errors += 1;
            if (source.readyState === EventSource.CLOSED) {
                show(true);
                again = setTimeout(open, 5000);
            } else if (errors > 1) {
                show(true);
            }
        });
    }

    if (pause) {
        pause.hidden = false;
        pause.addEventListener("click", () => {
            paused = !paused;
            pause.textContent = paused
                ? pause.dataset.resume : pause.dataset.pause;
        });
    }
    document.addEventListener("visibilitychange", () => {
        if (document.hidden) {
            close();
        } else {
            open();
        }
    });
    window.addEventListener("pagehide", close);
    show(false);
    open();
}

/* ---- small things ------------------------------------------------------- */

function startButtons() {
    for (const button of document.querySelectorAll("[data-print]")) {
        button.hidden = false;
        button.addEventListener("click", () => window.print());
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
        const text = document.getElementById(button.dataset.copy);
        button.hidden = !navigator.clipboard;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(text.textContent);
            button.textContent = button.dataset.done;
        });
    }
}

/* The tab one is on is in sight; the settings fold when left. */
function startFrame() {
    const now = document.querySelector(".tabs [aria-current]");
    const settings = document.querySelector(".settings");
    if (now) {
        const bar = now.closest("ul");
        bar.scrollLeft = now.offsetLeft -
            (bar.clientWidth - now.offsetWidth) / 2;
    }
    if (!settings) {
        return;
    }
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && settings.open) {
            settings.open = false;
            settings.querySelector("summary").focus();
        }
    });
    document.addEventListener("click", (event) => {
        if (!settings.contains(event.target)) {
            settings.open = false;
        }
    });
}

document.addEventListener("DOMContentLoaded", () => {
    startFrame();
    startButtons();
    startTheme(startCharts());
    startLive();
});
