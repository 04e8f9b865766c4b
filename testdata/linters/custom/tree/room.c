int main(void)
{
    int room[2];
    room[2] = 0;
    return room[2];
}
