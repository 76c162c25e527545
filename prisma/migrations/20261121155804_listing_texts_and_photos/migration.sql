-- CreateTable
CREATE TABLE "ListingText" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "listingId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "language" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "checked" TEXT NOT NULL,
    "vouched" TEXT NOT NULL,
    "writtenBy" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "LotPhoto" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "lotId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "originalSha" TEXT NOT NULL,
    "preparedSha" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "look" TEXT NOT NULL,
    "useOriginal" BOOLEAN NOT NULL,
    "findings" TEXT NOT NULL,
    "removedAt" BIGINT,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "ListingText_listingId_number_key" ON "ListingText"("listingId", "number");

-- CreateIndex
CREATE INDEX "LotPhoto_lotId_position_idx" ON "LotPhoto"("lotId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "LotPhoto_lotId_originalSha_key" ON "LotPhoto"("lotId", "originalSha");
