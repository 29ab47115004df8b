/* Gradient noise in two dimensions, four octaves: doubles chosen by the bits of a hash. */
static int permutation[512];

static double fade(double t)
{
    return t * t * t * (t * (t * 6 - 15) + 10);
}

static double between(double t, double a, double b)
{
    return a + t * (b - a);
}

static double gradient(int hash, double x, double y)
{
    double u = hash & 1 ? -x : x, v = hash & 2 ? -y : y;

    return hash & 4 ? u + v * .5 : v + u * .5;
}

static double noise(double x, double y)
{
    double left = __builtin_floor(x), below = __builtin_floor(y);
    int column = (int)left & 255, row = (int)below & 255;
    int here = permutation[column] + row, next = permutation[column + 1] + row;
    double u, v;

    x -= left;
    y -= below;
    u = fade(x);
    v = fade(y);
    return between(v, between(u, gradient(permutation[here], x, y), gradient(permutation[next], x - 1, y)),
            between(u, gradient(permutation[here + 1], x, y - 1), gradient(permutation[next + 1], x - 1, y - 1)));
}

__attribute__((export_name("run"))) int run(int size)
{
    unsigned random = 1;
    double sum = 0;

    for (int i = 0; i < 256; i++) {
        random = random * 1103515245 + 12345;
        permutation[i] = permutation[i + 256] = random >> 16 & 255;
    }
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            double frequency = .07, height = 1;

            for (int octave = 0; octave < 4; octave++) {
                sum += height * noise(x * frequency, y * frequency);
                frequency *= 2;
                height *= .5;
            }
        }
    return (int)(sum * 1000);
}
