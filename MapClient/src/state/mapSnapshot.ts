/** Takes a picture of the map as it is drawn, for paper: on light ground; the map puts itself here while there is one. */
export const mapSnapshot: { take: (() => Promise<string>) | null } = { take: null };
