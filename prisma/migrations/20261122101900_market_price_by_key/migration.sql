-- A list asks for a hundred thousand prices, each by its product: kept in the order of that key, a price is found in one tree instead of two.
PRAGMA defer_foreign_keys=ON;
CREATE TABLE "new_MarketPrice" (
    "productId" TEXT NOT NULL PRIMARY KEY,
    "series" TEXT NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "MarketPrice_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO "new_MarketPrice" ("productId", "series", "priceMinor", "currency", "at") SELECT "productId", "series", "priceMinor", "currency", "at" FROM "MarketPrice" ORDER BY "productId";
DROP TABLE "MarketPrice";
ALTER TABLE "new_MarketPrice" RENAME TO "MarketPrice";
