export { cardMarket, type CardMarketOptions } from './card-market.ts';
export { readKeptCards } from './kept-cards.ts';
export { createTcgplayer, type Tcgplayer, type TcgplayerOptions } from './tcgplayer.ts';
export { createDailyPrices, type CardGroup, type DailyFileStore, type DailyPrices, type DailyPricesOptions } from './daily-files.ts';
