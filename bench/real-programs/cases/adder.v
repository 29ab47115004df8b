module full(input a, b, c, output s, k);
  assign s = a ^ b ^ c;
  assign k = (a & b) | (c & (a ^ b));
endmodule

module proof(input [7:0] a, b, output ok);
  wire [8:0] carry;
  wire [7:0] sum;
  assign carry[0] = 1'b0;
  genvar i;
  generate for (i = 0; i < 8; i = i + 1)
    full bit(a[i], b[i], carry[i], sum[i], carry[i + 1]);
  endgenerate
  assign ok = {carry[8], sum} == a + b;
endmodule
