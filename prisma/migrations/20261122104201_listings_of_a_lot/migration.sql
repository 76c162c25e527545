-- CreateIndex
CREATE INDEX "Listing_lotId_idx" ON "Listing"("lotId");

-- CreateIndex
CREATE INDEX "Listing_productId_idx" ON "Listing"("productId");
