-- CreateIndex
CREATE INDEX "Listing_channel_state_idx" ON "Listing"("channel", "state");
