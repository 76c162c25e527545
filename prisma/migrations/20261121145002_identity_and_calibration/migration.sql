-- CreateTable
CREATE TABLE "IdentityPair" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "wordsKey" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "offerId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "probabilityBp" INTEGER NOT NULL,
    "packUnknown" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "decidedBy" TEXT,
    "why" TEXT,
    "judged" TEXT,
    "askedAt" BIGINT NOT NULL,
    "decidedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "IdentityLearning" (
    "version" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "slopeBp" INTEGER NOT NULL,
    "offsetBp" INTEGER NOT NULL,
    "decisions" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Calibration" (
    "category" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "items" INTEGER NOT NULL,
    "priceBp" INTEGER NOT NULL,
    "feesBp" INTEGER NOT NULL,
    "demandBp" INTEGER NOT NULL,
    "spreadBp" INTEGER NOT NULL,
    "measured" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    PRIMARY KEY ("category", "version")
);

-- CreateIndex
CREATE INDEX "IdentityPair_state_probabilityBp_id_idx" ON "IdentityPair"("state", "probabilityBp", "id");

-- CreateIndex
CREATE INDEX "IdentityPair_offerId_idx" ON "IdentityPair"("offerId");

-- CreateIndex
CREATE UNIQUE INDEX "IdentityPair_wordsKey_productId_key" ON "IdentityPair"("wordsKey", "productId");
