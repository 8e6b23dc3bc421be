// Works a second on each message and tells from when to when; a body that begins with `!` fails the first time.
exports.handler = async ({ Records }) => {
  for (const { body, attributes } of Records) {
    const count = attributes.ApproximateReceiveCount;
    const from = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (body.startsWith('!') && count === '1') throw new Error(body);
    console.log('told', JSON.stringify({ body, count, from, to: Date.now() }));
  }
};
