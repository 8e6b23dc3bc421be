// Ends the processes of a cloud that is no more. The cloud tells by a pipe which it has started and which have ended; when
// the pipe breaks, however the cloud died, those that are left are killed by their ids. A process cannot do this for itself
// while its code loops, and one that is not ours would not.
const left = new Set();
let rest = '';

// Ctrl-C reaches every process of a terminal; this one is wanted until the cloud has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const [sign, pid] = [line[0], Number(line.slice(1))];
    if (sign === '+') left.add(pid);
    else left.delete(pid);
  }
});
process.stdin.on('close', () => {
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was quicker.
    }
  }
  process.exit();
});
