const region = (id: string, name: string) => ({
  id,
  name,
  custom: false,
  deprecated: false,
  optimal: id === 'rotterdam',
})

/** https://docs.discord.com/developers/resources/voice#voice-region-object */
export const REGIONS = [
  region('brazil', 'Brazil'),
  region('hongkong', 'Hong Kong'),
  region('india', 'India'),
  region('japan', 'Japan'),
  region('rotterdam', 'Rotterdam'),
  region('singapore', 'Singapore'),
  region('southafrica', 'South Africa'),
  region('sydney', 'Sydney'),
  region('us-central', 'US Central'),
  region('us-east', 'US East'),
  region('us-south', 'US South'),
  region('us-west', 'US West'),
]

export const REGION_IDS: readonly string[] = REGIONS.map(({ id }) => id)
