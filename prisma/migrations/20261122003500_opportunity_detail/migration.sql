-- What only an opportunity's own page reads moves out of the row that every list and search reads. The table is not rebuilt: its row ids and triggers are what the search goes by.
CREATE TABLE "OpportunityDetail" (
    "opportunityId" TEXT NOT NULL PRIMARY KEY,
    "evaluation" TEXT NOT NULL,
    CONSTRAINT "OpportunityDetail_opportunityId_fkey" FOREIGN KEY ("opportunityId") REFERENCES "Opportunity" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

INSERT INTO "OpportunityDetail" ("opportunityId", "evaluation") SELECT "id", "evaluation" FROM "Opportunity";

ALTER TABLE "Opportunity" DROP COLUMN "evaluation";
