--- a
--- b
create table authors (id int primary key, best_book int);
create table books (id int primary key, author int not null references authors);
alter table authors add constraint authors_best_book_fkey foreign key (best_book) references books;
