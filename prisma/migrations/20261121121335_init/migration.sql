-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "uniqueKey" TEXT,
    "runAt" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "maxAttempts" INTEGER NOT NULL,
    "lockedUntil" BIGINT,
    "lastError" TEXT,
    "progress" TEXT,
    "createdAt" BIGINT NOT NULL,
    "finishedAt" BIGINT
);

-- CreateTable
CREATE TABLE "Schedule" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "everyMs" BIGINT NOT NULL,
    "jobKind" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "nextAt" BIGINT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Workflow" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "output" TEXT,
    "error" TEXT,
    "wakeAt" BIGINT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "WorkflowStep" (
    "workflowId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "output" TEXT,
    "error" TEXT,
    "startedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    PRIMARY KEY ("workflowId", "name"),
    CONSTRAINT "WorkflowStep_workflowId_fkey" FOREIGN KEY ("workflowId") REFERENCES "Workflow" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Outbox" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "topic" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "dispatchedAt" BIGINT
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "SavedView" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Source" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "baseUrl" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "intervalMs" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "lastSuccessAt" BIGINT,
    "lastError" TEXT
);

-- CreateTable
CREATE TABLE "ScanRun" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sourceId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cursor" TEXT,
    "seen" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "survivors" INTEGER NOT NULL DEFAULT 0,
    "opportunities" INTEGER NOT NULL DEFAULT 0,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "startedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,
    "error" TEXT,
    CONSTRAINT "ScanRun_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "Source" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Quarantined" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "runId" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "raw" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    CONSTRAINT "Quarantined_runId_fkey" FOREIGN KEY ("runId") REFERENCES "ScanRun" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Product" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "gtin" TEXT,
    "asin" TEXT,
    "title" TEXT NOT NULL,
    "brand" TEXT,
    "category" TEXT,
    "lengthMm" INTEGER,
    "widthMm" INTEGER,
    "heightMm" INTEGER,
    "weightG" INTEGER,
    "imageUrl" TEXT,
    "attributes" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "ProductIdentifier" (
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    PRIMARY KEY ("kind", "value", "productId"),
    CONSTRAINT "ProductIdentifier_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "MarketSnapshot" (
    "productId" TEXT NOT NULL,
    "vendor" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,

    PRIMARY KEY ("productId", "vendor"),
    CONSTRAINT "MarketSnapshot_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Offer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sourceId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "contentHash" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "brand" TEXT,
    "gtin" TEXT,
    "asin" TEXT,
    "mpn" TEXT,
    "candidates" TEXT,
    "identifierNote" TEXT,
    "condition" TEXT NOT NULL,
    "packSize" INTEGER NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "listPriceMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "shippingMinor" BIGINT,
    "stock" INTEGER,
    "sellerName" TEXT,
    "imageUrl" TEXT,
    "duplicateOfId" TEXT,
    "productId" TEXT,
    "state" TEXT NOT NULL,
    "screenReason" TEXT,
    "facts" TEXT NOT NULL,
    "firstSeenAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    CONSTRAINT "Offer_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "Source" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Offer_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Opportunity" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "offerId" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "brand" TEXT,
    "category" TEXT,
    "imageUrl" TEXT,
    "currency" TEXT NOT NULL,
    "unitCostMinor" BIGINT NOT NULL,
    "salePriceMinor" BIGINT NOT NULL,
    "feesMinor" BIGINT NOT NULL,
    "profitMinor" BIGINT NOT NULL,
    "profitLowMinor" BIGINT NOT NULL,
    "profitHighMinor" BIGINT NOT NULL,
    "roiBp" INTEGER NOT NULL,
    "lossChanceBp" INTEGER NOT NULL,
    "daysToSell" INTEGER NOT NULL,
    "cashDayMinor" BIGINT NOT NULL,
    "demandPerMonth" INTEGER NOT NULL,
    "confidenceBp" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "inputsHash" TEXT NOT NULL,
    "cardVersion" TEXT NOT NULL,
    "seenAt" BIGINT NOT NULL,
    "evaluatedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "evaluation" TEXT NOT NULL,
    CONSTRAINT "Opportunity_offerId_fkey" FOREIGN KEY ("offerId") REFERENCES "Offer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Approval" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "opportunityId" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "maxUnitMinor" BIGINT NOT NULL,
    "maxTotalMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "evidenceSha256" TEXT NOT NULL,
    "approvedBy" TEXT NOT NULL,
    "approvedAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT
);

-- CreateTable
CREATE TABLE "Purchase" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "approvalId" TEXT NOT NULL,
    "opportunityId" TEXT NOT NULL,
    "offerId" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "connector" TEXT NOT NULL,
    "sellerName" TEXT,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "stopReason" TEXT,
    "quantity" INTEGER NOT NULL,
    "unitsPerOffer" INTEGER NOT NULL,
    "unitMinor" BIGINT,
    "shippingMinor" BIGINT,
    "taxMinor" BIGINT,
    "totalMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "homeTotalMinor" BIGINT,
    "homeCurrency" TEXT NOT NULL,
    "rate" TEXT,
    "idempotencyKey" TEXT NOT NULL,
    "sessionRef" TEXT,
    "externalId" TEXT,
    "receipt" TEXT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "confirmedAt" BIGINT,
    "receivedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT "Purchase_approvalId_fkey" FOREIGN KEY ("approvalId") REFERENCES "Approval" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purchaseId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseEvent_purchaseId_fkey" FOREIGN KEY ("purchaseId") REFERENCES "Purchase" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "StockLot" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sku" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "purchaseId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "unitCostMinor" BIGINT NOT NULL,
    "totalCostMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "onHand" INTEGER NOT NULL,
    "estimate" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "receivedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "StockMovement" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "lotId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "ref" TEXT NOT NULL,
    "reason" TEXT,
    "at" BIGINT NOT NULL,
    CONSTRAINT "StockMovement_lotId_fkey" FOREIGN KEY ("lotId") REFERENCES "StockLot" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Listing" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sku" TEXT NOT NULL,
    "lotId" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "floorMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "stopReason" TEXT,
    "externalOfferId" TEXT,
    "externalId" TEXT,
    "idempotencyKey" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "publishedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "ListingEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "listingId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "ListingEvent_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Order" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "buyerName" TEXT,
    "currency" TEXT NOT NULL,
    "totalMinor" BIGINT NOT NULL,
    "feesMinor" BIGINT NOT NULL,
    "placedAt" BIGINT NOT NULL,
    "modifiedAt" BIGINT NOT NULL,
    "shippedAt" BIGINT,
    "tracking" TEXT,
    "raw" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "OrderLine" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "listingId" TEXT,
    "lotId" TEXT,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "revenueMinor" BIGINT NOT NULL,
    "feesMinor" BIGINT NOT NULL,
    "costMinor" BIGINT,
    "postageMinor" BIGINT NOT NULL DEFAULT 0,
    "refundMinor" BIGINT NOT NULL DEFAULT 0,
    "profitMinor" BIGINT,
    "estimateMinor" BIGINT,
    CONSTRAINT "OrderLine_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LedgerEntry" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "memo" TEXT NOT NULL,
    "refKind" TEXT NOT NULL,
    "refId" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "LedgerLine" (
    "entryId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    "minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,

    PRIMARY KEY ("entryId", "number"),
    CONSTRAINT "LedgerLine_entryId_fkey" FOREIGN KEY ("entryId") REFERENCES "LedgerEntry" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Job_uniqueKey_key" ON "Job"("uniqueKey");

-- CreateIndex
CREATE INDEX "Job_state_runAt_id_idx" ON "Job"("state", "runAt", "id");

-- CreateIndex
CREATE INDEX "Job_kind_createdAt_idx" ON "Job"("kind", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Workflow_key_key" ON "Workflow"("key");

-- CreateIndex
CREATE INDEX "Workflow_wakeAt_id_idx" ON "Workflow"("wakeAt", "id");

-- CreateIndex
CREATE INDEX "Outbox_dispatchedAt_seq_idx" ON "Outbox"("dispatchedAt", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_page_name_key" ON "SavedView"("page", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Source_kind_baseUrl_key" ON "Source"("kind", "baseUrl");

-- CreateIndex
CREATE INDEX "ScanRun_sourceId_startedAt_idx" ON "ScanRun"("sourceId", "startedAt");

-- CreateIndex
CREATE INDEX "ScanRun_state_idx" ON "ScanRun"("state");

-- CreateIndex
CREATE INDEX "Quarantined_runId_idx" ON "Quarantined"("runId");

-- CreateIndex
CREATE UNIQUE INDEX "Product_gtin_key" ON "Product"("gtin");

-- CreateIndex
CREATE UNIQUE INDEX "Product_asin_key" ON "Product"("asin");

-- CreateIndex
CREATE INDEX "ProductIdentifier_productId_idx" ON "ProductIdentifier"("productId");

-- CreateIndex
CREATE INDEX "MarketSnapshot_expiresAt_idx" ON "MarketSnapshot"("expiresAt");

-- CreateIndex
CREATE INDEX "Offer_productId_idx" ON "Offer"("productId");

-- CreateIndex
CREATE INDEX "Offer_gtin_idx" ON "Offer"("gtin");

-- CreateIndex
CREATE INDEX "Offer_sourceId_state_id_idx" ON "Offer"("sourceId", "state", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Offer_sourceId_externalId_key" ON "Offer"("sourceId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Opportunity_offerId_key" ON "Opportunity"("offerId");

-- CreateIndex
CREATE INDEX "Opportunity_productId_idx" ON "Opportunity"("productId");

-- CreateIndex
CREATE INDEX "opportunity_by_decision_score" ON "Opportunity"("state", "decision", "cashDayMinor", "id", "sourceId", "category", "profitMinor", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_decision_profit" ON "Opportunity"("state", "decision", "profitMinor", "id", "sourceId", "category", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_decision_roi" ON "Opportunity"("state", "decision", "roiBp", "id", "sourceId", "category", "profitMinor", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_decision_days" ON "Opportunity"("state", "decision", "daysToSell", "id", "sourceId", "category", "profitMinor", "roiBp");

-- CreateIndex
CREATE INDEX "opportunity_by_decision_newest" ON "Opportunity"("state", "decision", "seenAt", "id", "sourceId", "category", "profitMinor", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_source_score" ON "Opportunity"("state", "sourceId", "decision", "cashDayMinor", "id", "category", "profitMinor", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_source_profit" ON "Opportunity"("state", "sourceId", "decision", "profitMinor", "id", "category", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_source_roi" ON "Opportunity"("state", "sourceId", "decision", "roiBp", "id", "category", "profitMinor", "daysToSell");

-- CreateIndex
CREATE INDEX "opportunity_by_source_days" ON "Opportunity"("state", "sourceId", "decision", "daysToSell", "id", "category", "profitMinor", "roiBp");

-- CreateIndex
CREATE INDEX "opportunity_by_source_newest" ON "Opportunity"("state", "sourceId", "decision", "seenAt", "id", "category", "profitMinor", "roiBp", "daysToSell");

-- CreateIndex
CREATE INDEX "Approval_opportunityId_idx" ON "Approval"("opportunityId");

-- CreateIndex
CREATE UNIQUE INDEX "Purchase_approvalId_key" ON "Purchase"("approvalId");

-- CreateIndex
CREATE UNIQUE INDEX "Purchase_idempotencyKey_key" ON "Purchase"("idempotencyKey");

-- CreateIndex
CREATE INDEX "Purchase_state_idx" ON "Purchase"("state");

-- CreateIndex
CREATE INDEX "Purchase_createdAt_idx" ON "Purchase"("createdAt");

-- CreateIndex
CREATE INDEX "PurchaseEvent_purchaseId_at_idx" ON "PurchaseEvent"("purchaseId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "StockLot_purchaseId_key" ON "StockLot"("purchaseId");

-- CreateIndex
CREATE INDEX "StockLot_sku_idx" ON "StockLot"("sku");

-- CreateIndex
CREATE INDEX "StockLot_state_idx" ON "StockLot"("state");

-- CreateIndex
CREATE UNIQUE INDEX "StockMovement_lotId_kind_ref_key" ON "StockMovement"("lotId", "kind", "ref");

-- CreateIndex
CREATE UNIQUE INDEX "Listing_idempotencyKey_key" ON "Listing"("idempotencyKey");

-- CreateIndex
CREATE INDEX "Listing_state_idx" ON "Listing"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Listing_channel_sku_key" ON "Listing"("channel", "sku");

-- CreateIndex
CREATE INDEX "ListingEvent_listingId_at_idx" ON "ListingEvent"("listingId", "at");

-- CreateIndex
CREATE INDEX "Order_placedAt_idx" ON "Order"("placedAt");

-- CreateIndex
CREATE INDEX "Order_state_idx" ON "Order"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Order_channel_externalId_key" ON "Order"("channel", "externalId");

-- CreateIndex
CREATE INDEX "OrderLine_sku_idx" ON "OrderLine"("sku");

-- CreateIndex
CREATE UNIQUE INDEX "OrderLine_orderId_externalId_key" ON "OrderLine"("orderId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerEntry_key_key" ON "LedgerEntry"("key");

-- CreateIndex
CREATE INDEX "LedgerEntry_refKind_refId_idx" ON "LedgerEntry"("refKind", "refId");

-- CreateIndex
CREATE INDEX "LedgerEntry_at_idx" ON "LedgerEntry"("at");

-- CreateIndex
CREATE INDEX "LedgerLine_account_currency_idx" ON "LedgerLine"("account", "currency");
