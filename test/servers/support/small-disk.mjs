// A disk of a few megabytes, to be filled: a file system in memory, which only root may mount.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mounted = new Set();

process.on('exit', () => {
  for (const folder of mounted) spawnSync('umount', ['--lazy', folder]);
});

/** Mounts a disk at a folder, which is made if it is missing. */
export function mountSmallDisk(folder, { kibibytes, user = 'root' }) {
  mkdirSync(folder, { recursive: true });
  const options = `size=${kibibytes}k,uid=${idOf(user)},mode=0700`;
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`mount: ${stderr}`);
  mounted.add(folder);
}

/** Changes a disk's settings, such as `size=4096k` or `ro`. */
export function remountSmallDisk(folder, settings) {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${settings}`, folder]);
  if (status !== 0) throw new Error(`mount: ${stderr}`);
}

export function unmountSmallDisk(folder) {
  spawnSync('umount', ['--lazy', folder]);
  mounted.delete(folder);
}

/** Why no disk can be mounted here; undefined if one can. Root in a container often may not. */
function whyNotMountable() {
  if (process.platform !== 'linux') return 'needs Linux';
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-disk-'));
  try {
    mountSmallDisk(folder, { kibibytes: 64 });
    unmountSmallDisk(folder);
    return undefined;
  } catch (error) {
    return error.message.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reason = whyNotMountable();
if (reason !== undefined) {
  // A matter of rights and not of packages, so not even a gate that wants all servers insists.
  console.warn(
    `left out: the tests of a full disk, which need root and leave to mount (${reason})`,
  );
}

/** Whether this process may mount; else a full disk cannot be tested. */
export const isMountable = reason === undefined;

function idOf(user) {
  return Number(spawnSync('id', ['-u', user]).stdout);
}
