// Chromium and Firefox, headless and without a driver: the page itself sends what it found.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitPages } from '../support/pages.mjs';
import { end, run, start } from '../support/process.mjs';

function browser(name, { programs, flags, prepare = () => {}, remedy }) {
  return {
    name,
    engine: 'portable',
    lacks: [],
    remedy,
    locate: () => programs.find((program) => existsSync(program)),
    version: async (program) =>
      /[\d.]{4,}/.exec(await run(program, ['--version'], { cwd: '/' }))?.[0],
    judgePages(project, program) {
      const profile = mkdtempSync(join(project.folder, 'profile-'));
      prepare(profile);
      return visitPages(project, (url) => {
        const child = start(program, [...flags(profile), url], { cwd: profile, stdio: 'ignore' });
        return () => end(child);
      });
    },
  };
}

/** No first page, no look for updates: the machine may have no network. */
const FIREFOX_PREFERENCES = {
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

export const runtimes = [
  browser('Chromium', {
    programs: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    remedy: "Debian's chromium",
    flags: (profile) => [
      '--headless=new',
      // The sandbox wants a user other than root, or rights that a container does not give.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      `--user-data-dir=${profile}`,
    ],
  }),
  browser('Firefox', {
    programs: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    remedy: "Debian's firefox-esr",
    flags: (profile) => ['--headless', '--no-remote', '--profile', profile],
    prepare(profile) {
      const lines = Object.entries(FIREFOX_PREFERENCES).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(profile, 'user.js'), lines.join(''));
    },
  }),
];
