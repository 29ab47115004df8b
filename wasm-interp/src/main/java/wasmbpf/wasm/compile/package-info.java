/**
 * The compiled tier's generator: function bodies to the bytecode of one class, by {@code java.lang.classfile}. It knows the
 * public types of modules and validation only; the members of the run time that generated code uses are named as text in
 * {@code Names}, since the classes are defined into package {@code wasmbpf.wasm}. {@code wasmbpf.wasm.JvmTier} decides what is
 * compiled and when, and defines the classes.
 *
 * <h2>The shape of the code</h2>
 * A function becomes one static method: its parameters, then the guest stack and how many calls may still nest. The operand
 * stack is the JVM's: local.get is iload, i32.add is iadd. Parameters and locals are JVM locals, so is the limit of memory 0,
 * read again after everything that may change it. Functions of one class call each other by invokestatic; everything else is
 * called through memory, by the rules of {@code WasmFunction.enter}. What is rare is not translated: operands go to slots of
 * the guest stack and the interpreter's own method runs the instruction.
 *
 * <h2>Who finds what before</h2>
 * {@code FunctionFacts} come from a walk over the function before it is generated: {@code CountingLoops}, {@code Strides}, {@code
 * SelectFacts} see what HotSpot's compilers would make of loops and selects as they stand, {@code FormVotes} how vectors are used, {@code Products}
 * sums that hashes are made of, {@code RunOnce} from all of a class which of its functions run once; of those {@code InnerLoops} are methods.
 * {@code HostRuns} has those that may run for long made twice.
 *
 * <h2>Who generates what</h2>
 * {@code BatchClass} makes the class and {@code FunctionCompiler} each method, from a walk of the validator; to it belong one
 * object each of the following, which share {@code MethodCode} and know those above themselves only:
 *
 * <ul>
 * <li>{@code GuestFrame}, {@code Locals}, {@code Operands}, {@code MemoryAccess} with {@code AccessChecks}: where values are, and how
 * they move
 * <li>{@code Conditions} with {@code MinMax}, {@code OperandCosts} and {@code KeptComparison}, {@code ControlFlow} with its {@code
 * Block}s and their {@code Iterations}, {@code ExceptionBlocks}: where control goes
 * <li>{@code LoopEntry}: how a method takes over a loop that the interpreter runs
 * <li>{@code Calls}, {@code Globals}, {@code Division}, {@code ReferenceOps}, {@code HeapObjects}, {@code Bulk}, {@code Interpreted} and,
 * without state, {@code NumberOps}; {@code ProductSums}: instructions
 * <li>{@code Vectors}, {@code VectorOps}, {@code LaneOps}, {@code VectorMemory}, {@code Shuffles}: vectors, which between branches lie
 * beside the JVM's stack as {@code LaneForm} says, chosen by {@code FormVotes}
 * <li>{@code RegionCalls} and {@code RegionBody}: functions that {@code SplitPlan} cuts into several methods, because they
 * are large or run once
 * </ul>
 *
 * <p>A trap's place: before what may trap or call, its offset goes into a local that only the method's one handler reads, so
 * that it costs nothing when compiled. A failed bounds check brings its offset along.
 */
package wasmbpf.wasm.compile;
