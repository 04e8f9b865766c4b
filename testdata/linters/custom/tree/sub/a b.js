var greeting = "😀"; if (greeting == 1) { let never; }
