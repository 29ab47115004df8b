// What bcc's btf_helpers.c calls of zlib to unpack a BTF archive that is not linked in: it fails, as the archive does.
#include <zlib.h>

int inflateInit2_(z_streamp stream, int window, const char *version, int size)
{
    (void)stream, (void)window, (void)version, (void)size;
    return Z_STREAM_ERROR;
}

int inflate(z_streamp stream, int flush)
{
    (void)stream, (void)flush;
    return Z_STREAM_ERROR;
}

int inflateEnd(z_streamp stream)
{
    (void)stream;
    return Z_STREAM_ERROR;
}
