// Opens pages in Chromium and prints, as JSON, what happened: node look.mjs CHROMIUM '[{"url","width",...}]'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [, , executablePath, wanted] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update'],
});

async function look({ url, width, height, scheme }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme ?? 'light' });
  const said = [], requests = [];
  page.on('console', m => said.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', e => said.push(`error: ${e}`));
  page.on('request', r => requests.push(r.url()));
  await page.goto(url);
  const cdp = await page.context().newCDPSession(page);
  // The page forbids scripts; only the debugger may look into it.
  const run = async expression => {
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run(`${axe}; 0`);
  const broken = await run(`[...document.querySelectorAll('a[href^="#"]')]
    .filter(a => !document.getElementById(decodeURIComponent(a.getAttribute('href').slice(1))))
    .map(a => a.getAttribute('href'))`);
  const violations = await run(`axe.run().then(r => r.violations.map(v => ({ id: v.id, help: v.help,
    nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' | ' + n.failureSummary) })))`);
  const wider = await run('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const styled = await run('getComputedStyle(document.querySelector(".away")).position === "absolute"');

  // The keyboard: the first stop is the link past the head.
  await page.keyboard.press('Tab');
  const first = await run('document.activeElement.getAttribute("href")');

  // A click on a claim's words joins text and card, both ways.
  const seen = id => run(`(() => { const r = document.getElementById(${JSON.stringify(id)})
    .getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; })()`);
  const lit = selector => run(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).outlineStyle`);
  const joined = {};
  const number = await run('document.querySelectorAll(".num")[2]?.dataset.n');
  if (number) {
    await page.locator(`.mark.s${number}`).first().click();
    joined.hash = new URL(page.url()).hash;
    joined.card = await seen(`c${number}`) && await lit(`#c${number}`) === 'solid';
    joined.words = await lit(`.mark.s${number}`) === 'solid';
    await page.locator(`#c${number} a.n`).click();
    joined.back = new URL(page.url()).hash;
    joined.mark = await seen(`m${number}`) && await lit(`.mark.s${number}`) === 'solid';
    joined.still = await lit(`#c${number}`) === 'solid';
  }
  const marked = await run(`(() => { const t = document.getElementById('article').getBoundingClientRect();
    const c = document.getElementById('claims').getBoundingClientRect();
    return { article: [t.left, t.top, t.right], cards: [c.left, c.top, c.right] }; })()`);
  await page.close();
  return { said, requests, broken, violations, wider, styled, first, number, joined, marked };
}

const found = [];
for (const one of JSON.parse(wanted)) found.push(await look(one));
await browser.close();
console.log(JSON.stringify(found));
