/** Takes a picture of the map as it is drawn; the map puts itself here while there is one. */
export const mapSnapshot: { take: (() => Promise<string>) | null } = { take: null };
