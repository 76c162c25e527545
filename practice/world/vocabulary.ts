/** Word stock for invented brands, people and places. Brands are made of syllables, so that none is a real one on purpose. */
export const ONSETS = ['Nor', 'Tal', 'Ver', 'Kel', 'Bram', 'Sol', 'Zan', 'Mor', 'Hal', 'Dru', 'Fen', 'Lum', 'Quin', 'Ost', 'Pra', 'Rav', 'Syl', 'Tor', 'Ul', 'Vos', 'Wex', 'Yar', 'Cal', 'Dor', 'El', 'Gal', 'Jor', 'Kir', 'Lor', 'Mer'];
export const CODAS = ['vik', 'sen', 'ado', 'mont', 'field', 'ton', 'ika', 'ra', 'lux', 'wyn', 'tec', 'dell', 'more', 'ax', 'ello', 'gard', 'is', 'onia', 'by', 'haus', 'ique', 'wood', 'line', 'ora', 'en', 'est', 'ium', 'or', 'ley', 'ant'];
export const COMPANY_TAILS = ['', '', '', '', ' Home', ' Labs', ' Co', ' & Sons', ' Works', ' Supply'];
export const PUBLISHER_TAILS = [' Press', ' Books', ' House', ' Publishing', ' University Press'];
export const COLORS = ['Black', 'White', 'Navy', 'Red', 'Green', 'Silver', 'Grey', 'Teal', 'Olive', 'Burgundy', 'Sand', 'Rose Gold'];
export const CLOTHES_SIZES = ['XS', 'S', 'M', 'L', 'XL', 'XXL'];
export const OTHER_SIZES = ['Small', 'Medium', 'Large', '8 oz', '12 oz', '16 oz', '32 oz', '1 m', '2 m', '10 in', '12 in'];
export const QUALITIES = ['Classic', 'Pro', 'Compact', 'Premium', 'Essential', 'Heritage', 'Ultra', 'Original', 'Advanced', 'Everyday', 'Studio', 'Travel'];
export const SUBJECTS = ['the Northern Rivers', 'Modern Statistics', 'the Silk Road', 'Garden Birds', 'Organic Chemistry', 'Small Boats', 'the Lost Harbour', 'Everyday Bread', 'Deep Space', 'Medieval Towns', 'Linear Algebra', 'the Quiet House', 'Mountain Weather', 'Human Anatomy', 'Jazz Harmony', 'the Winter Market', 'Urban Trees', 'Watercolour', 'the Iron Coast', 'Nursing Practice'];
export const FIRST_NAMES = ['Avery', 'Jordan', 'Maria', 'Deshawn', 'Linh', 'Omar', 'Grace', 'Hannah', 'Luis', 'Priya', 'Tom', 'Elena', 'Marcus', 'Yuki', 'Sam', 'Nadia', 'Peter', 'Rosa', 'Kevin', 'Imani', 'Claire', 'Diego', 'Noah', 'Fatima'];
export const LAST_NAMES = ['Holloway', 'Nguyen', 'Ortega', 'Whitcomb', 'Okafor', 'Lindqvist', 'Bauer', 'Reyes', 'Kaplan', 'Moreau', 'Tanaka', 'Fisher', 'Abbott', 'Delgado', 'Singh', 'Carver', 'Novak', 'Boyd', 'Hensley', 'Park'];
export const STREETS = ['Maple Ave', 'Oak St', 'Cedar Ln', 'Ridge Rd', 'Lakeview Dr', 'Mill St', 'Park Blvd', 'Sunset Ct', 'Willow Way', 'Juniper Rd', 'Prospect St', 'Canal St'];

/** City, state, the first three digits of its ZIP codes, and the average combined sales tax in basis points (rounded; states of no sales tax have 0). */
export const CITIES: readonly (readonly [string, string, string, number])[] = [
  ['Portland', 'OR', '972', 0], ['Austin', 'TX', '787', 820], ['Columbus', 'OH', '432', 725], ['Denver', 'CO', '802', 780], ['Tampa', 'FL', '336', 700], ['Fresno', 'CA', '937', 885],
  ['Albany', 'NY', '122', 853], ['Dover', 'DE', '199', 0], ['Nashville', 'TN', '372', 955], ['Boise', 'ID', '837', 603], ['Madison', 'WI', '537', 543], ['Concord', 'NH', '033', 0],
  ['Phoenix', 'AZ', '850', 838], ['Raleigh', 'NC', '276', 698], ['Seattle', 'WA', '981', 938], ['Helena', 'MT', '596', 0], ['Omaha', 'NE', '681', 697], ['Atlanta', 'GA', '303', 738],
];
export const WILAYAS = ['Alger', 'Oran', 'Constantine', 'Sétif', 'Annaba', 'Blida', 'Béjaïa', 'Tlemcen', 'Batna', 'Tizi Ouzou'];
export const SELLER_WORDS = ['bargain', 'deal', 'global', 'prime', 'smart', 'urban', 'coast', 'river', 'valley', 'metro', 'star', 'happy', 'bright', 'north', 'value'];
export const SELLER_TAILS = ['store', 'outlet', 'goods', 'trade', 'mart', 'direct', 'shop', 'hub', 'depot', 'finds'];
