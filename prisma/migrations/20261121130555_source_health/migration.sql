-- AlterTable
ALTER TABLE "Source" ADD COLUMN "errorKind" TEXT;
ALTER TABLE "Source" ADD COLUMN "failedAt" BIGINT;

-- CreateTable
CREATE TABLE "PageVersion" (
    "scope" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "etag" TEXT,
    "lastModified" TEXT,
    "listed" TEXT,
    "readAt" BIGINT,
    "program" TEXT NOT NULL,

    PRIMARY KEY ("scope", "url")
);

-- AlterTable: added in place, where a rebuilt table would have to be taken from under its references
ALTER TABLE "ScanRun" ADD COLUMN "products" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withTitle" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withPrice" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withCurrency" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withStock" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withIdentifiers" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withBrand" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ScanRun" ADD COLUMN "withImage" INTEGER NOT NULL DEFAULT 0;
