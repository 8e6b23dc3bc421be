// Answers after `wait` milliseconds, with how often it was called.
let calls = 0;
exports.handler = async ({ wait = 0 }) => {
  calls++;
  await new Promise((resolve) => setTimeout(resolve, wait));
  return calls;
};
