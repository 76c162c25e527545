export { channelFamily, contactsOf, emailOf, phoneOf, type BuyerDetails, type Contact } from './contacts.ts';
export { addContact, contactMark, findCustomer, rememberBuyer, rememberCustomer, type Sighting } from './remember-customer.ts';
export { customerOfOrder, readCustomer, searchCustomers, type Customer } from './read-customers.ts';
export { sealRows, type SealedTable } from './seal-rows.ts';
