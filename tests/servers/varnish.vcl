vcl 4.1;

# As it is installed, with the origin's address.
backend origin {
    .host = "127.0.0.1";
    .port = "@ORIGIN@";
}
