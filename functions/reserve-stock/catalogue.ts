/** What the shop sells, and how much of it the shelf holds on the first day. An article that is not here was never in stock. */
export const openingStock: Readonly<Record<string, number>> = {
  mug: 10_000,
  poster: 10_000,
  notebook: 10_000,
  'signed-print': 3,
};
