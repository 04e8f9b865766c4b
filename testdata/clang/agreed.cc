// Functions of which clang-tidy's readability-function-cognitive-complexity says the same as sallyport.
struct Node { Node *left, *right; int value; bool leaf() const { return left == nullptr && right == nullptr; } };
struct Missing {};
int look(const Node *node);
void take(int value);

namespace tree {
int depth(const Node *node) {
    int found = 0;

    for (const Node *at = node; at != nullptr; at = at->left) {
        if (at->leaf() && at->value > 0) {
            found++;
        } else if (at->value < 0 || at->right == nullptr) {
            continue;
        } else {
            while (found > 100)
                found -= at->value > 10 ? 10 : 1;
        }
    }
    return found;
}

template <class T> class Stack {
  public:
    bool pop(T *into) {
        if (count == 0)
            return false;
        switch (into == nullptr) {
        case true:
            count--;
            break;
        default:
            for (T &item : items)
                if (&item == &items[count])
                    *into = item;
        }
        return true;
    }

  private:
    T items[8];
    int count = 0;
};
template bool Stack<int>::pop(int *);
} // namespace tree

int guarded(const Node *node) {
    try {
        if (node == nullptr)
            throw Missing();
        return look(node);
    } catch (const Missing &) {
        do {
            take(1);
        } while (look(nullptr) > 0);
    } catch (...) {
        if (look(nullptr) > 0 && (look(nullptr) > 2 && look(nullptr) < 9))
            return 1;
    }
    return 0;
}

void closures(int a) {
    auto add = [a](int b) {
        if (a > b)
            return a && b;
        return a || b;
    };

    take(add(1) ? 1 : 2);
}
