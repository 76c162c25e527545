import type { Category, CategoryId } from './types.ts';

/** How a category behaves. Shares are of products or of sales; `season` is demand by calendar month, January first, around 1. */
export interface CategoryProfile extends Category {
  /** Share of the catalogue, in thousandths; they sum to 1,000. */
  readonly share: number;
  /** Median and log-spread of the market price, USD cents. */
  readonly priceMedianMinor: number;
  readonly priceSpread: number;
  /** Density of a packed parcel, g per cm³. */
  readonly density: number;
  readonly season: readonly number[];
  /** Chance that a sale is returned. */
  readonly returnRate: number;
  /** Chance of approval-required and of not-eligible on Amazon. */
  readonly gated: number;
  readonly barred: number;
  readonly hazmat: number;
  /** Spread of list price over market price: the log-mean of the fiction, and its spread. */
  readonly listFiction: number;
  readonly listSpread: number;
  /** Amazon units a month of the median product; and share of that which eBay sells. */
  readonly monthlyMedian: number;
  readonly ebayShare: number;
  readonly variants: number;
  readonly packs: number;
  /** `noun:weight in g`. */
  readonly nouns: readonly string[];
}

const FLAT = [0.98, 0.96, 0.98, 0.98, 0.99, 0.98, 0.98, 0.99, 1, 1.01, 1.08, 1.07];
const GIFTS = [0.75, 0.75, 0.8, 0.85, 0.9, 0.85, 0.85, 0.85, 0.95, 1.15, 1.75, 1.95];
const SCHOOL = [1.25, 0.95, 0.85, 0.85, 0.9, 0.85, 0.95, 1.35, 1.2, 0.9, 1, 1.05];

type Numbers = Omit<CategoryProfile, 'id' | 'name' | 'amazon' | 'ebay' | 'nouns' | 'season'>;
const numbers = (values: readonly [number, number, number, number, number, number, number, number, number, number, number, number, number, number]): Numbers => {
  const [share, priceMedianMinor, priceSpread, density, returnRate, gated, barred, hazmat, listFiction, listSpread, monthlyMedian, ebayShare, variants, packs] = values;
  return { share, priceMedianMinor, priceSpread, density, returnRate, gated, barred, hazmat, listFiction, listSpread, monthlyMedian, ebayShare, variants, packs };
};

/**
 * The 14 categories. Amazon root nodes and eBay category ids are the real ones of the US sites.
 * Numbers, in order: share, price median, price spread, density, returns, gated, barred, hazmat, list fiction, its spread, monthly median, eBay share, variants, packs.
 */
export const PROFILES: readonly CategoryProfile[] = [
  {
    id: 'books', name: 'Books', amazon: { rootId: 283155, rootName: 'Books', productType: 'ABIS_BOOK' }, ebay: { categoryId: '261186', categoryName: 'Books' },
    ...numbers([150, 1_850, 0.5, 0.65, 0.03, 0.01, 0, 0, 0.22, 0.2, 18, 0.4, 0, 0]), season: SCHOOL,
    nouns: ['Field Guide:450', 'Textbook:1100', 'Novel:320', 'Cookbook:900', 'Atlas:1200', 'Study Guide:600', 'Biography:520', 'Workbook:480', 'Anthology:640', 'Handbook:700', 'History:680', 'Dictionary:950'],
  },
  {
    id: 'media', name: 'Music and film', amazon: { rootId: 5174, rootName: 'CDs & Vinyl', productType: 'ABIS_MUSIC' }, ebay: { categoryId: '176985', categoryName: 'Vinyl Records' },
    ...numbers([70, 2_150, 0.45, 0.5, 0.03, 0.06, 0.01, 0, 0.2, 0.2, 10, 0.5, 0, 0]), season: GIFTS,
    nouns: ['Vinyl LP:300', 'Double Vinyl LP:520', 'CD Box Set:400', 'Blu-ray Collection:350', 'Soundtrack LP:310', 'Live Album CD:110', 'Concert DVD:130'],
  },
  {
    id: 'clothing', name: 'Clothing', amazon: { rootId: 7141123011, rootName: 'Clothing, Shoes & Jewelry', productType: 'SHIRT' }, ebay: { categoryId: '1059', categoryName: 'Men\'s Clothing' },
    ...numbers([80, 2_900, 0.5, 0.2, 0.13, 0.12, 0.03, 0, 0.75, 0.35, 14, 0.35, 0.8, 0.08]), season: [0.9, 0.85, 1, 1.05, 1.05, 1, 0.9, 1, 1.05, 1.05, 1.15, 1.1],
    nouns: ['Rain Jacket:520', 'Fleece Hoodie:600', 'Polo Shirt:250', 'Cargo Trousers:620', 'Thermal Base Layer:280', 'Wool Socks:140', 'Running Shorts:160', 'Oxford Shirt:300', 'Knit Cardigan:480', 'Work Gloves:150'],
  },
  {
    id: 'beauty', name: 'Beauty', amazon: { rootId: 3760911, rootName: 'Beauty & Personal Care', productType: 'BEAUTY' }, ebay: { categoryId: '26395', categoryName: 'Health & Beauty' },
    ...numbers([80, 1_950, 0.5, 0.8, 0.04, 0.25, 0.06, 0.18, 0.5, 0.35, 40, 0.2, 0.25, 0.22]), season: FLAT,
    nouns: ['Face Serum:110', 'Night Cream:180', 'Hair Mask:320', 'Eau de Parfum:280', 'Nail Polish Set:240', 'Beard Oil:90', 'Sunscreen Lotion:220', 'Lip Balm:40', 'Shampoo:480', 'Makeup Palette:160'],
  },
  {
    id: 'grocery', name: 'Grocery', amazon: { rootId: 16310101, rootName: 'Grocery & Gourmet Food', productType: 'GROCERY' }, ebay: { categoryId: '14308', categoryName: 'Food & Beverages' },
    ...numbers([60, 1_800, 0.4, 0.55, 0.02, 0.2, 0.05, 0.02, 0.2, 0.2, 60, 0.1, 0.15, 0.45]), season: [1, 0.97, 0.98, 0.98, 0.98, 0.95, 0.94, 0.95, 0.99, 1.03, 1.1, 1.13],
    nouns: ['Ground Coffee:380', 'Green Tea:160', 'Protein Bars:720', 'Olive Oil:900', 'Hot Sauce:260', 'Granola:420', 'Dark Chocolate:300', 'Almond Butter:450', 'Spice Set:520', 'Instant Noodles:640'],
  },
  {
    id: 'electronics', name: 'Electronics', amazon: { rootId: 172282, rootName: 'Electronics', productType: 'CONSUMER_ELECTRONICS' }, ebay: { categoryId: '293', categoryName: 'Consumer Electronics' },
    ...numbers([90, 7_800, 0.8, 0.35, 0.09, 0.14, 0.03, 0.1, 0.3, 0.25, 26, 0.3, 0.25, 0]), season: [0.95, 0.9, 0.9, 0.9, 0.92, 0.95, 1.02, 0.98, 0.95, 1, 1.25, 1.28],
    nouns: ['Bluetooth Speaker:640', 'Noise Cancelling Headphones:420', 'Action Camera:350', 'Streaming Box:300', 'Digital Radio:900', 'Video Doorbell:380', 'Projector:2100', 'Soundbar:3200', 'E-Reader:330', 'Drone:980'],
  },
  {
    id: 'accessories', name: 'Electronics accessories', amazon: { rootId: 2335752011, rootName: 'Cell Phones & Accessories', productType: 'WIRELESS_ACCESSORY' }, ebay: { categoryId: '9394', categoryName: 'Cell Phone Accessories' },
    ...numbers([80, 1_950, 0.5, 0.35, 0.07, 0.06, 0.02, 0.06, 0.55, 0.35, 55, 0.3, 0.35, 0.2]), season: [0.97, 0.92, 0.93, 0.94, 0.96, 0.97, 1, 1, 1.05, 1.04, 1.1, 1.12],
    nouns: ['USB-C Charger:160', 'Power Bank:340', 'HDMI Cable:180', 'Car Mount:210', 'Wireless Charger:200', 'Memory Card:30', 'Screen Protector:60', 'Tripod:780', 'Lens Filter:70', 'Cable Organizer:140'],
  },
  {
    id: 'computers', name: 'Computers', amazon: { rootId: 541966, rootName: 'Computers & Accessories', productType: 'PERSONAL_COMPUTER' }, ebay: { categoryId: '58058', categoryName: 'Computers/Tablets & Networking' },
    ...numbers([70, 9_800, 0.8, 0.35, 0.08, 0.08, 0.02, 0.05, 0.25, 0.22, 22, 0.32, 0.12, 0]), season: SCHOOL,
    nouns: ['Mechanical Keyboard:980', 'Wireless Mouse:140', 'Mesh Router:900', 'External SSD:120', 'Webcam:260', 'Docking Station:450', 'Graphics Tablet:880', 'Network Switch:700', 'Laptop Stand:1300', 'Monitor Arm:3400'],
  },
  {
    id: 'toys', name: 'Toys', amazon: { rootId: 165793011, rootName: 'Toys & Games', productType: 'TOYS_AND_GAMES' }, ebay: { categoryId: '220', categoryName: 'Toys & Hobbies' },
    ...numbers([80, 2_800, 0.5, 0.25, 0.05, 0.1, 0.02, 0.02, 0.25, 0.28, 24, 0.4, 0.08, 0.06]), season: [0.6, 0.62, 0.7, 0.78, 0.8, 0.8, 0.82, 0.85, 0.95, 1.2, 1.9, 1.98],
    nouns: ['Building Set:1200', 'Board Game:1100', 'Plush Bear:380', 'Puzzle:700', 'Model Train:850', 'Doll House:3600', 'Science Kit:780', 'RC Car:1150', 'Card Game:240', 'Action Figure:220'],
  },
  {
    id: 'home', name: 'Home and kitchen', amazon: { rootId: 1055398, rootName: 'Home & Kitchen', productType: 'KITCHEN' }, ebay: { categoryId: '11700', categoryName: 'Home & Garden' },
    ...numbers([80, 3_500, 0.6, 0.3, 0.06, 0.02, 0.01, 0.02, 0.45, 0.35, 30, 0.25, 0.35, 0.1]), season: [1.02, 0.95, 0.97, 1, 1, 0.95, 0.95, 0.97, 0.98, 1, 1.1, 1.11],
    nouns: ['Cast Iron Skillet:2400', 'Coffee Grinder:1100', 'Knife Set:1500', 'Duvet Cover:1300', 'Desk Lamp:1200', 'Storage Bins:1600', 'Bath Towels:1400', 'Electric Kettle:1250', 'Wall Clock:800', 'Cutting Board:950'],
  },
  {
    id: 'jewelry', name: 'Jewelry', amazon: { rootId: 7192394011, rootName: 'Jewelry', productType: 'FINENECKLACEBRACELETANKLET' }, ebay: { categoryId: '281', categoryName: 'Jewelry & Watches' },
    ...numbers([30, 5_200, 0.8, 0.6, 0.08, 0.3, 0.05, 0, 1.05, 0.45, 6, 0.45, 0.3, 0]), season: GIFTS,
    nouns: ['Sterling Silver Necklace:40', 'Hoop Earrings:20', 'Tennis Bracelet:45', 'Signet Ring:25', 'Pearl Pendant:35', 'Charm Bracelet:50'],
  },
  {
    id: 'watches', name: 'Watches', amazon: { rootId: 6358539011, rootName: 'Watches', productType: 'WATCH' }, ebay: { categoryId: '31387', categoryName: 'Wristwatches' },
    ...numbers([30, 11_500, 0.7, 0.5, 0.07, 0.25, 0.06, 0.02, 0.8, 0.4, 8, 0.5, 0.35, 0]), season: GIFTS,
    nouns: ['Chronograph Watch:220', 'Dive Watch:240', 'Field Watch:140', 'Dress Watch:110', 'Digital Watch:90', 'Pilot Watch:190'],
  },
  {
    id: 'tools', name: 'Tools', amazon: { rootId: 228013, rootName: 'Tools & Home Improvement', productType: 'TOOLS' }, ebay: { categoryId: '631', categoryName: 'Home Improvement Tools' },
    ...numbers([60, 5_900, 0.7, 0.7, 0.05, 0.03, 0.01, 0.05, 0.3, 0.25, 22, 0.35, 0.06, 0.14]), season: [0.9, 0.9, 1, 1.06, 1.08, 1.1, 1.02, 0.98, 0.97, 0.98, 1.01, 1.06],
    nouns: ['Cordless Drill:1700', 'Socket Set:2900', 'Laser Level:650', 'Multimeter:420', 'Tape Measure:320', 'Impact Driver:1400', 'Clamp Set:1900', 'Utility Knife:210', 'Headlamp:160', 'Drill Bits:480'],
  },
  {
    id: 'instruments', name: 'Musical instruments', amazon: { rootId: 11091801, rootName: 'Musical Instruments', productType: 'MUSICAL_INSTRUMENTS' }, ebay: { categoryId: '619', categoryName: 'Musical Instruments & Gear' },
    ...numbers([40, 8_800, 0.85, 0.35, 0.06, 0.03, 0.01, 0.01, 0.3, 0.25, 9, 0.5, 0.12, 0.05]), season: FLAT,
    nouns: ['Effects Pedal:480', 'Ukulele:900', 'MIDI Keyboard:2600', 'Condenser Microphone:620', 'Drum Sticks:160', 'Audio Interface:1100', 'Harmonica:120', 'Clip-on Tuner:60', 'Snare Drum:3300', 'Violin Strings:50'],
  },
];

const BY_ID = new Map(PROFILES.map((profile) => [profile.id, profile]));

export function profileOf(id: CategoryId): CategoryProfile {
  return BY_ID.get(id)!;
}
