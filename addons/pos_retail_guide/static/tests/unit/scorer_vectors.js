// Read by Hoot and by tests/test_scorer.py: both scorers must give what is expected here.
// pairs: product, neighbour, baskets with both, with the product, with the neighbour.
// popular: product, baskets. expected: product, reason, because.
export const vectors = [
    {
        "id": "nothing known recommends nothing",
        "pairs": [], "popular": [], "basket": [1], "expected": []
    },
    {
        "id": "an empty basket gets what is popular, ties by id",
        "pairs": [], "popular": [[3, 40], [1, 90], [2, 40]], "basket": [],
        "expected": [[1, "popular", null], [2, "popular", null], [3, "popular", null]]
    },
    {
        "id": "neighbours come before what is popular, the basket stays out",
        "pairs": [[1, 4, 30, 90, 60], [1, 2, 10, 90, 40]], "popular": [[1, 90], [2, 40], [3, 40]],
        "basket": [1],
        "expected": [[4, "basket", 1], [2, "basket", 1], [3, "popular", null]]
    },
    {
        "id": "two ties beat one, the strongest is told",
        "pairs": [[1, 9, 20, 90, 50], [2, 9, 30, 60, 50], [2, 8, 32, 60, 50]], "popular": [],
        "basket": [2, 1],
        "expected": [[9, "basket", 2], [8, "basket", 2]]
    },
    {
        "id": "a product twice in the basket counts once",
        "pairs": [[1, 9, 20, 90, 50], [2, 8, 25, 90, 50]], "popular": [], "basket": [1, 1, 1, 2],
        "expected": [[8, "basket", 2], [9, "basket", 1]]
    },
    {
        "id": "few baskets are believed less",
        "pairs": [[1, 9, 2, 4, 4], [1, 8, 40, 100, 100]], "popular": [], "basket": [1],
        "expected": [[8, "basket", 1], [9, "basket", 1]]
    },
    {
        "id": "on equal ties the earlier product is told, popularity decides the order",
        "pairs": [[1, 8, 20, 50, 50], [2, 8, 20, 50, 50], [1, 9, 20, 50, 50], [2, 9, 20, 50, 50]],
        "popular": [], "basket": [2, 1],
        "expected": [[8, "basket", 1], [9, "basket", 1]]
    }
];
