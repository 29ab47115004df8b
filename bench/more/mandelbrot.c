/* The Mandelbrot set: a chain of double arithmetic with an exit in the middle. */
__attribute__((export_name("run"))) int run(int size)
{
    unsigned sum = 0;

    for (int py = 0; py < size; py++)
        for (int px = 0; px < size; px++) {
            double cx = px * 3.0 / size - 2, cy = py * 2.0 / size - 1, x = 0, y = 0;
            int i = 0;

            for (; i < 200; i++) {
                double xx = x * x, yy = y * y;

                if (xx + yy > 4)
                    break;
                y = 2 * x * y + cy;
                x = xx - yy + cx;
            }
            sum = sum * 31 + i;
        }
    return sum;
}
