-- CreateTable
CREATE TABLE "ChannelTaxonomy" (
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "treeVersion" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("channel", "kind", "key")
);

-- CreateTable
CREATE TABLE "ListingCategory" (
    "channel" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "categoryId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "chosenBy" TEXT NOT NULL,
    "treeVersion" TEXT NOT NULL,
    "aspects" TEXT NOT NULL,
    "chosenAt" BIGINT NOT NULL,

    PRIMARY KEY ("channel", "productId")
);

-- CreateTable
CREATE TABLE "DailyFile" (
    "vendor" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("vendor", "path")
);

-- CreateIndex
CREATE INDEX "ChannelTaxonomy_channel_treeVersion_idx" ON "ChannelTaxonomy"("channel", "treeVersion");
