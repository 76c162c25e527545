/** Milliseconds of processor time that `run` takes of its own thread: what else the machine does is not in it. */
export function threadMs(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
