#include "core.h"

struct local_root { int a; long c; int b; };
struct local_root___2 { int a; int only_second; int b; };
struct local_root___3 { long a; int b; };
struct twin { long pad; int x; };
struct twin___2 { int pad, pad2; int x, pad3; };
enum color { RED, GREEN = 4 };
enum color___2 { RED___2, GREEN___2 = 4 };
struct local_root *k1; struct local_root___2 *k2; struct twin *k3; struct twin___2 *k4;
enum color *k5; enum color___2 *k6;
