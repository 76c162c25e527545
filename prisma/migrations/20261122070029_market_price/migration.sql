-- CreateTable
CREATE TABLE "MarketPrice" (
    "productId" TEXT NOT NULL PRIMARY KEY,
    "series" TEXT NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "MarketPrice_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What was told before this table was kept.
INSERT INTO "MarketPrice" (productId, series, priceMinor, currency, at)
SELECT productId, series, priceMinor, currency, fetchedAt FROM (
  SELECT s.productId, s.fetchedAt, s.facts->>'$.currency' AS currency,
         CASE WHEN s.facts->>'$.series.ebayNew.value[#-1]' > 0 THEN 'ebayNew' WHEN s.facts->>'$.series.new.value[#-1]' > 0 THEN 'new' WHEN s.facts->>'$.series.buyBox.value[#-1]' > 0 THEN 'buyBox' END AS series,
         CASE WHEN s.facts->>'$.series.ebayNew.value[#-1]' > 0 THEN s.facts->>'$.series.ebayNew.value[#-1]' WHEN s.facts->>'$.series.new.value[#-1]' > 0 THEN s.facts->>'$.series.new.value[#-1]' ELSE s.facts->>'$.series.buyBox.value[#-1]' END AS priceMinor
  FROM "MarketSnapshot" s WHERE s.vendor = 'keepa' AND json_valid(s.facts)
) WHERE series IS NOT NULL AND currency IS NOT NULL;
