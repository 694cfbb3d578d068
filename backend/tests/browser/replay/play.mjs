/** Plays user flows in pages of a running Chromium, as DevTools' Recorder does: one line of JSON each, in and out. */

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";
import { createRunner, parse, PuppeteerRunnerExtension } from "@puppeteer/replay";

const browser = await puppeteer.connect({ browserURL: process.argv[2], defaultViewport: null });
for await (const line of createInterface({ input: process.stdin })) {
  const { address, flow, timeout } = JSON.parse(line);
  const problem = await play(address, flow, timeout).then(() => null, (error) => String(error.stack ?? error));
  console.log(JSON.stringify({ problem }));
}
await browser.disconnect();

/** @param {string} address Of the page to play in. @param {unknown} flow @param {number} timeout In milliseconds, for each step. */
async function play(address, flow, timeout) {
  const target = await browser.waitForTarget((each) => each.url() === address, { timeout });
  const player = new PuppeteerRunnerExtension(browser, await target.page(), { timeout });
  const runner = await createRunner(parse(flow), player);
  await runner.run();
}
