-- CreateTable
CREATE TABLE "Season" (
    "category" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "products" INTEGER NOT NULL,
    "falls" INTEGER NOT NULL,
    "waveBp" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    PRIMARY KEY ("category", "version")
);
