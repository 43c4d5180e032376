/** What the application sells, the same in every run: https://docs.discord.com/developers/resources/sku#sku-object */
export const SKUS = [
  // A consumable, what is kept, and a subscription of a guild.
  { id: '1210000000000000002', type: 3, name: 'A kiln firing', slug: 'a-kiln-firing', flags: 1 << 2 },
  { id: '1210000000000000003', type: 2, name: 'A shelf', slug: 'a-shelf', flags: 1 << 2 },
  { id: '1210000000000000005', type: 5, name: 'The workshop', slug: 'the-workshop', flags: (1 << 2) | (1 << 7) },
] as const
