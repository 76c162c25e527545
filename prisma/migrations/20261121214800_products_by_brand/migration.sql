-- CreateIndex
CREATE INDEX "Product_brand_idx" ON "Product"("brand");
