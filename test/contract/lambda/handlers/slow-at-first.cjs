// Tells how often its message has been received, and works two and a half seconds on it the first time.
exports.handler = async ({ Records }) => {
  const count = Number(Records[0].attributes.ApproximateReceiveCount);
  console.log('told', JSON.stringify(count));
  if (count === 1) await new Promise((resolve) => setTimeout(resolve, 2500));
};
