/* Tarjan's algorithm for strongly connected components (R. Tarjan, "Depth-First Search and Linear Graph
 * Algorithms", 1972), without recursion of its own: the code that is read decides how deep it goes. */
#include "rules/clang/worker/complexity.h"

typedef struct {
    guint index, low;          /* in the order of discovery, from 1; 0: not seen yet */
    guint next_call, end_call; /* in Graph.calls */
    bool on_stack, calls_itself;
} Node;

typedef struct {
    const Complexity *complexity;
    Node *nodes;
    GArray *calls;        /* of guint: whom the first calls, whom the second calls, ... */
    GArray *path, *stack; /* of guint */
    guint count;
} Graph;

static void connect(const Graph *graph) {
    const GPtrArray *functions = graph->complexity->functions;
    GHashTable *numbers = graph->complexity->numbers;

    for (guint i = 0; i < functions->len; i++) {
        GArray *calls = ((const Function *)functions->pdata[i])->calls;

        graph->nodes[i].next_call = graph->calls->len;
        for (guint j = 0; j < calls->len; j++) {
            guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, &g_array_index(calls, CXCursor, j)));

            if (number == 0)
                continue;
            number--;
            graph->nodes[i].calls_itself = graph->nodes[i].calls_itself || number == i;
            g_array_append_val(graph->calls, number);
        }
        graph->nodes[i].end_call = graph->calls->len;
    }
}

static void discover(Graph *graph, guint number) {
    graph->nodes[number].index = graph->nodes[number].low = ++graph->count;
    graph->nodes[number].on_stack = true;
    g_array_append_val(graph->path, number);
    g_array_append_val(graph->stack, number);
}

/* A component has come to its end: all of it stands on the stack above `number`. */
static void close_component(const Graph *graph, guint number) {
    bool is_alone = g_array_index(graph->stack, guint, graph->stack->len - 1) == number;
    guint member;

    do {
        member = g_array_index(graph->stack, guint, graph->stack->len - 1);
        g_array_set_size(graph->stack, graph->stack->len - 1);
        graph->nodes[member].on_stack = false;
        if (!is_alone || graph->nodes[member].calls_itself)
            ((Function *)graph->complexity->functions->pdata[member])->cognitive++;
    } while (member != number);
}

static void follow_call(Graph *graph, Node *node) {
    guint callee = g_array_index(graph->calls, guint, node->next_call++);
    const Node *other = &graph->nodes[callee];

    if (other->index == 0)
        discover(graph, callee);
    else if (other->on_stack)
        node->low = MIN(node->low, other->index);
}

static void visit_from(Graph *graph, guint root) {
    discover(graph, root);
    while (graph->path->len > 0) {
        guint number = g_array_index(graph->path, guint, graph->path->len - 1);
        Node *node = &graph->nodes[number];

        if (node->next_call < node->end_call) {
            follow_call(graph, node);
            continue;
        }
        g_array_set_size(graph->path, graph->path->len - 1);
        if (node->low == node->index)
            close_component(graph, number);
        if (graph->path->len > 0) {
            Node *caller = &graph->nodes[g_array_index(graph->path, guint, graph->path->len - 1)];

            caller->low = MIN(caller->low, node->low);
        }
    }
}

void complexity_add_recursion(Complexity *complexity) {
    guint count = complexity->functions->len;
    g_autofree Node *nodes = g_new0(Node, count);
    g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(guint));
    Graph graph = {.complexity = complexity, .nodes = nodes, .calls = calls, .path = path, .stack = stack};

    connect(&graph);
    for (guint i = 0; i < count; i++)
        if (nodes[i].index == 0)
            visit_from(&graph, i);
}
