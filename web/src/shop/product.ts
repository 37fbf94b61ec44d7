import { mount, pathTail } from "./mount";
import ProductPage from "./ProductPage.vue";

mount(ProductPage, { productId: pathTail() });
